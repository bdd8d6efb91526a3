"""Which clips an account may use, and how their song documents are read."""

from descant.engines.protocol import SONG_FILE
from descant.service import identifiers
from descant.service.errors import Invalid, NotFound
from descant.service.files.files import object_key
from descant.song.document import Song, decode
from descant.storage import clips
from descant.storage.database import Database, Transaction
from descant.storage.objects import MissingObject, Objects
from descant.storage.records import AccountRecord, ClipRecord, State


def owned(tx: Transaction, account: AccountRecord, clip_id: str) -> ClipRecord:
    """Return a clip of the account in whatever state; raise NotFound for another's, which is as unknown as none."""
    clip = clips.read(tx, clip_id) if identifiers.possible(clip_id) else None
    if clip is None or clip.account_id != account.id:
        raise NotFound("clip", identifiers.shown(clip_id))
    return clip


def finished(tx: Transaction, account: AccountRecord, clip_id: str) -> ClipRecord:
    """Return a clip of the account that can be worked with.

    Raises
    ------
    NotFound : when the account has no such clip.
    Invalid : when the clip was deleted, failed, or is still being made; the text says which.
    """
    clip = owned(tx, account, clip_id)
    if clip.deleted_at is not None:
        raise Invalid(f"The clip {clip.id!r} was deleted; nothing can be made from it any more.")
    if clip.state is State.FAILED:
        raise Invalid(f"The clip {clip.id!r} failed, so there is nothing to work with: {clip.error}")
    if clip.state is not State.SUCCEEDED:
        raise Invalid(
            f"The clip {clip.id!r} is not finished; its state is {clip.state.value!r}. Try again when it has succeeded."
        )
    return clip


def song(tx: Transaction, account: AccountRecord, clip_id: str) -> ClipRecord:
    """Return a clip of the account that another song can be made from.

    Raises
    ------
    NotFound : when the account has no such clip.
    Invalid : as :func:`finished`, and when it is a stem.
    """
    clip = finished(tx, account, clip_id)
    if clip.stem:
        raise Invalid(f"The clip {clip.id!r} is a stem already ({clip.stem}); this works on whole songs.")
    return clip


def moment(clip: ClipRecord, field: str, seconds: float) -> float:
    """Return a time inside a finished clip's audio; raise Invalid, naming ``field``, for one behind its end.

    The end as clients are told it, rounded to hundredths, counts as the end.
    """
    length = clip.duration or 0.0
    if seconds > max(length, round(length, 2)):
        raise Invalid(f"{field!r} is {seconds:g}, but the clip {clip.id!r} is {length:.2f} seconds long.")
    return min(seconds, length)


def window(clip: ClipRecord, start: tuple[str, float], stop: tuple[str, float]) -> tuple[float, float]:
    """Return a stretch of a finished clip's audio, in seconds; each side is given with the name of its field.

    Raises
    ------
    Invalid : when it ends behind the clip's end, or does not begin before it ends.
    """
    left, right = moment(clip, *start), moment(clip, *stop)
    if left >= right:
        raise Invalid(f"{stop[0]!r} is {stop[1]:g}, but must be later than {start[0]!r}, which is {start[1]:g}.")
    return left, right


class Library:
    """Opens the song documents of clips."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def song(self, account: AccountRecord, clip_id: str) -> tuple[ClipRecord, Song]:
        """Return a finished clip of the account and its song document; raises as :func:`finished`."""
        with self._database.reading() as tx:
            clip = finished(tx, account, clip_id)
        try:
            data = b"".join(self._objects.read(object_key(clip.id, SONG_FILE)))
        except MissingObject:
            raise Invalid(f"The clip {clip.id!r} has no song document, so nothing can be read from it.") from None
        return clip, decode(data)
