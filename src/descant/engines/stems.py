"""Which stems a song can be taken into, and what they are called; light, for those who only ask."""

from collections.abc import Sequence

import msgspec

from descant.engines.protocol import COVER_FILE, SONG_FILE, STEMS_FOLDER
from descant.song.score import Role

SUNG = (Role.LEAD_VOCAL, Role.BACKING_VOCALS)


class Extraction(msgspec.Struct, frozen=True):
    """What is to be taken out of a song.

    Attributes
    ----------
    label : what it is called, for people: "vocals", "instrumental", "bass" …
    roles : the stems that are added up, as :class:`~descant.song.score.Role` values; none gives silence.
    """

    label: str
    roles: tuple[str, ...]


def stem_file(role: str) -> str:
    """Return the name of the file that holds the stem of a role."""
    return f"{STEMS_FOLDER}/{role.replace(' ', '-')}.flac"


def roles_of(files: Sequence[str]) -> tuple[str, ...]:
    """Return the roles that a song with these files has stems of."""
    return tuple(role.value for role in Role if stem_file(role.value) in files)


def halves(roles: Sequence[str]) -> tuple[Extraction, ...]:
    """Return a song's singing and everything else; ``roles`` are those it has stems of."""
    sung = tuple(role for role in roles if role in SUNG)
    return Extraction("vocals", sung), Extraction("instrumental", tuple(role for role in roles if role not in sung))


def singles(roles: Sequence[str]) -> tuple[Extraction, ...]:
    """Return each role of a song by itself, in the order of the contract."""
    return tuple(Extraction(role.value, (role.value,)) for role in Role if role.value in roles)


def needed(order: Extraction) -> tuple[str, ...]:
    """Return the names of the song's files from which an extraction is made."""
    return (SONG_FILE, COVER_FILE, *(stem_file(role) for role in order.roles))


def titled(title: str, order: Extraction) -> str:
    """Return the title of an extraction from the song called ``title``; clients find the stem's name in it."""
    return f"{title} ({order.label})"
