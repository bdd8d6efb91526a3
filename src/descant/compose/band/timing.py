"""Where notes really fall: swing, each player's pocket, and a little looseness, written to ``Note.shift`` in seconds.

The notated start never moves. Pockets are consistent patterns by instrument and step; random deviation stays small, for
listeners rate irregular drums worse than quantised ones (Frühauf, Kopiez & Platz 2013; Senn et al. 2017).
"""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec.structs import replace

from descant.compose.band.chart import Chart
from descant.compose.styles.band import BandStyle, Pocket
from descant.compose.styles.notation import DRUM_KEYS, STEP
from descant.compose.swing import swung_beat
from descant.song.score import Note
from descant.song.streams import stream
from descant.song.tempo import TempoMap

_PLAIN = Pocket()
_SNARES = ("snare", "rim", "clap", "tom_high", "tom_mid", "tom_low", "tom_floor", "timbale_high", "timbale_low")
_PIECE = (
    dict.fromkeys(DRUM_KEYS.values(), "hat") | {DRUM_KEYS["kick"]: "kick"} | {DRUM_KEYS[n]: "snare" for n in _SNARES}
)


def perform(
    chart: Chart, layer: str, name: str, notes: list[Note], band: BandStyle, tempo: TempoMap, swing: tuple[float, float]
) -> tuple[Note, ...]:
    """Return the notes with their performed deviation.

    Parameters
    ----------
    chart, layer, name : the song, the seat whose pocket is used, and the part's name for its random stream.
    notes : in order of time; a shift already there (a strum's spread) is kept and added to.
    tempo : turns beats into seconds.
    swing : place of the second of a pair (0.5 straight), and the length of one of the pair in beats.
    """
    starts = [bar.start for bar in chart.bars]
    drift = looseness(chart.seed, name, notes)
    performed = []
    for note, loose in zip(notes, drift, strict=True):
        i = max(0, bisect_right(starts, note.start + 1e-6) - 1)
        pocket = pocket_of(band, layer, note.pitch)
        step = round((note.start - starts[i]) / STEP)
        swung = swung_beat(note.start, *swing)
        late = tempo.seconds(swung) - tempo.seconds(note.start) if swung != note.start else 0.0
        shift = note.shift + late + (pocket.ms[step % len(pocket.ms)] + loose * pocket.spread) / 1000
        performed.append(replace(note, shift=round(shift, 6)))
    return tuple(performed)


def pocket_of(band: BandStyle, layer: str, pitch: int) -> Pocket:
    """Return the pocket a seat plays a note in; in a kit, each piece has its own."""
    return band.pocket.get(_PIECE.get(pitch, "hat") if layer == "drums" else layer, _PLAIN)


def looseness(seed: int, name: str, notes: Sequence[Note]) -> list[float]:
    """Return a unit deviation for each note of a part; notes struck together share one, as one hand plays them."""
    draws = stream(seed, f"band.{name}.timing").standard_normal(len(notes))
    values: list[float] = []
    for i, note in enumerate(notes):
        together = i > 0 and note.start == notes[i - 1].start
        values.append(values[-1] if together else float(max(-2.0, min(2.0, draws[i]))))
    return values
