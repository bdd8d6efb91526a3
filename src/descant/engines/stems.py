"""Which stems a song can be taken into, and what they are called; light, for those who only ask."""

from collections.abc import Sequence

from descant.engines.protocol import COVER_FILE, SONG_FILE, STEMS_FOLDER
from descant.song.orders import Extract
from descant.song.score import Role

SUNG = (Role.LEAD_VOCAL, Role.BACKING_VOCALS)


def stem_file(role: str) -> str:
    """Return the name of the file that holds the stem of a role."""
    return f"{STEMS_FOLDER}/{role.replace(' ', '-')}.flac"


def roles_of(files: Sequence[str]) -> tuple[str, ...]:
    """Return the roles that a song with these files has stems of."""
    return tuple(role.value for role in Role if stem_file(role.value) in files)


def empty_roles(files: Sequence[str]) -> tuple[str, ...]:
    """Return those of the contract's twelve roles in which a song with these files has nothing, and so no stem."""
    return tuple(role.value for role in Role if role is not Role.RECORDING and stem_file(role.value) not in files)


def halves(roles: Sequence[str]) -> tuple[Extract, ...]:
    """Return a song's singing and everything else; ``roles`` are those it has stems of."""
    sung = tuple(role for role in roles if role in SUNG)
    return Extract("vocals", sung), Extract("instrumental", tuple(role for role in roles if role not in sung))


def singles(roles: Sequence[str]) -> tuple[Extract, ...]:
    """Return each role of a song by itself, in the order of the contract."""
    return tuple(Extract(role.value, (role.value,)) for role in Role if role.value in roles)


def apart(full: bool) -> tuple[Extract, ...]:
    """Return what may be taken out of a recording: voice and everything else, or with ``full`` each source by itself.

    Whether the recording lets it be taken out is found when it is tried.
    """
    if not full:
        return Extract("vocals", (Role.LEAD_VOCAL,), True), Extract("instrumental", (), True)
    return tuple(Extract(role.value, (role.value,), True) for role in (Role.LEAD_VOCAL, Role.DRUMS, Role.BASS))


def needed(order: Extract) -> tuple[str, ...]:
    """Return the names of the song's files from which an extraction is made."""
    roles = (Role.RECORDING.value,) if order.separated else order.roles
    return (SONG_FILE, COVER_FILE, *(stem_file(role) for role in roles))


def titled(title: str, order: Extract) -> str:
    """Return the title of an extraction from the song called ``title``; clients find the stem's name in it."""
    return f"{title} ({order.label})"
