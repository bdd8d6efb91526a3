"""A singer to be heard again: what a persona keeps of the song it was taken from."""

import msgspec


class Persona(msgspec.Struct, frozen=True, omit_defaults=True):
    """How somebody sings, and in which style.

    Attributes
    ----------
    voice : a file of ``perform/voice/voices``.
    centre : MIDI pitch in the middle of the range they sang in; ``range`` their lowest and highest written pitch.
    delivery : the delivery of most of their lines, as in :class:`~descant.song.lyrics.Line`.
    tags : style text of the song they sang, used where a new song gives none.
    """

    voice: str
    centre: int
    range: tuple[int, int]
    delivery: str = "sung"
    tags: str = ""
