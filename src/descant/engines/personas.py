"""Singers taken from songs, for those who have only the song document."""

from descant.engines.protocol import CannotMake
from descant.song.document import Song
from descant.song.persona import Persona


def persona_of(song: Song, window: tuple[float, float] | None = None, styles: str = "") -> Persona:
    """Return who sings most of a song, or of a ``window`` (seconds of its audio); see :mod:`descant.edit.personas`.

    Raises
    ------
    CannotMake : when nobody sings there.
    """
    from descant.edit import personas
    from descant.edit.revision import CannotEdit

    start, stop = window or (None, None)
    try:
        return personas.persona_of(song, start, stop, styles)
    except CannotEdit as error:
        raise CannotMake(str(error)) from error
