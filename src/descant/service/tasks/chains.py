"""Which clips an extension is joined to: the chain that leads to it from a clip that extends nothing."""

from collections.abc import Sequence

from descant.service.clips import access
from descant.service.errors import Invalid
from descant.song import orders
from descant.storage import clips
from descant.storage.database import Transaction
from descant.storage.records import AccountRecord, ClipRecord

LONGEST_JOINED = 900.0
"""Seconds of the longest song that extensions are joined to: a bound on what a worker has to hold of one song."""


def chain(tx: Transaction, account: AccountRecord, extension: ClipRecord) -> tuple[ClipRecord, ...]:
    """Return a clip that extends nothing, and after it the extensions that lead to ``extension``.

    Raises
    ------
    NotFound, Invalid : when a clip of the chain cannot be worked with.
    Invalid : when ``extension`` extends nothing, or joined to what it extends is longer than :data:`LONGEST_JOINED`.
    """
    links = [extension]
    while links[0].joined_at is not None:
        links.insert(0, access.song(tx, account, _extended(tx, links[0]).id))
    if len(links) == 1:
        raise Invalid(
            f"The clip {extension.id!r} extends no other, so there is nothing to join it to; "
            "'continue_clip_id' must be a clip that 'extend_music' made, or one with a section of such a clip changed."
        )
    check_length(links)
    return tuple(links)


def before(tx: Transaction, account: AccountRecord, song: ClipRecord) -> tuple[ClipRecord, ...]:
    """Return the chain that leads to a clip: the clip alone when it extends nothing. Raises as :func:`chain`."""
    return (song,) if song.joined_at is None else chain(tx, account, song)


def check_length(links: Sequence[ClipRecord]) -> None:
    """Raise Invalid when a chain, as far as its clips are finished, is longer than :data:`LONGEST_JOINED`."""
    seconds = _seconds(links)
    if seconds > LONGEST_JOINED:
        raise Invalid(
            f"The clip {links[-1].id!r} and what it extends would be a song of {seconds:.0f} seconds, but "
            f"'concat_music' makes songs of at most {LONGEST_JOINED:.0f}."
        )


def _extended(tx: Transaction, clip: ClipRecord) -> ClipRecord:
    """Return the clip that an extension extends, given the extension or a version of it with some of it changed."""
    while not isinstance(orders.decode(clip.order), orders.Extend):
        clip = clips.sources(tx, clip.id)[0]
    return clips.sources(tx, clip.id)[0]


def _seconds(links: Sequence[ClipRecord]) -> float:
    """Return how long a chain is when it is joined: each clip up to where the next begins, the last to its end."""
    return sum(link.joined_at or 0.0 for link in links[1:]) + (links[-1].duration or 0.0)
