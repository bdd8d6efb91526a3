"""How one player of a line comes into its notes and holds them: scoops and vibrato, as far as the instrument does them.

What each instrument does is in ``instruments.toml``. In the recordings of the bank in use trumpets, trombones, the
harmonica and guitars hold a note perfectly still (the pitch strays by less than 4 cents), while bowed strings, reeds
and flutes bring 8–25 cents of a player's own vibrato, to which nothing is added.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from descant.compose.band.instruments import Instrument
from descant.song.score import Note

_HELD = 1.0  # beats from which a note is long enough to be shaken
_SCOOPED = 0.5  # beats from which there is time to come into a note from below
_REST = 0.25  # beats of silence after which a note begins a phrase
_SHARE, _OPENING_SHARE = 0.18, 0.5  # of the notes inside phrases, and of those that begin one, that are scooped
_LEAST = 0.6  # of the instrument's usual depth


def expressed(notes: Sequence[Note], player: Instrument, rng: np.random.Generator) -> list[Note]:
    """Return a line with its scoops and its vibrato.

    Parameters
    ----------
    notes : one at a time, by start.
    player : how far it scoops and shakes, in cents; nothing changes where it does neither.
    rng : the line's own stream; two numbers a note are drawn, so that a note keeps its own when others change depth.
    """
    shaped, silent_since = [], -np.inf
    for note in notes:
        comes, depth = rng.random(2)
        opens = note.start - silent_since >= _REST
        scoops = note.duration >= _SCOOPED and comes < (_OPENING_SHARE if opens else _SHARE)
        amount = _LEAST + (1.0 - _LEAST) * float(depth)
        shaped.append(
            msgspec.structs.replace(
                note,
                scoop=round(player.scoop * amount) if scoops else 0.0,
                vibrato=round(player.vibrato * amount) if note.duration >= _HELD else 0.0,
            )
        )
        silent_since = note.start + note.duration
    return shaped
