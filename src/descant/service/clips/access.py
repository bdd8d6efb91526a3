"""Which clips an account may use, and how their song documents are read."""

from descant.engines.protocol import SONG_FILE
from descant.service.errors import Invalid, NotFound
from descant.service.files.files import object_key
from descant.song.document import Song, decode
from descant.storage import clips
from descant.storage.database import Database, Transaction
from descant.storage.objects import MissingObject, Objects
from descant.storage.records import AccountRecord, ClipRecord, State

ID_MAX = 128
"""Longest text that is looked up as an id (contract/README.md §5)."""


def owned(tx: Transaction, account: AccountRecord, clip_id: str) -> ClipRecord:
    """Return a clip of the account in whatever state; raise NotFound for another's, which is as unknown as none."""
    clip = clips.read(tx, clip_id) if len(clip_id) <= ID_MAX and "\0" not in clip_id else None
    if clip is None or clip.account_id != account.id:
        raise NotFound("clip", clip_id[:ID_MAX])
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
