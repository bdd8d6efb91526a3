"""What a recording is like as far as a band has to know: its genre, roughly; its groove; who might be singing.

The genre is a guess from tempo, metre and drums, no more than a place to start from where nobody names a style.
"""

from collections import Counter
from statistics import median

from descant.edit.heard.beats import BeatMap
from descant.edit.heard.players import is_accompanied, is_drummed, is_sung
from descant.song.tempo import Metre
from descant.song.transcription import Transcription

KICK, SNARE = frozenset({35, 36}), frozenset({37, 38, 39, 40})
"""General MIDI keys of bass drums and of what strikes the backbeat."""

_FOUR = 0.7  # share of the beats with a kick from which the floor has four of them
_FAST, _DANCE = 148.0, (112.0, 140.0)  # bpm
_LOW_VOICE = 57.5  # MIDI pitch under which the middle of a melody suggests a man's voice
_SWUNG = (0.56, 0.72)  # place in a beat of off-beat strokes that swing
_MOST_OFF = 8  # off-beat strokes that tell
_LEADS = ((58.0, "cello", "clean_guitar"), (66.0, "viola", "clean_guitar"), (73.0, "violin", "clarinet"))
"""Up to which middle of a melody an instrument answers it, without drums and with them: one that plays there itself."""
_HIGH_LEAD = "flute"
_UNDRUMMED = {"comp": "grand_piano", "strings": "strings"}
"""What goes on from music without drums: what plays in it is not heard, and these are at home in most of it."""
_ALONE = ("comp", "lead")
"""Layers that go on from one player or singer alone."""


def genre_of(heard: Transcription, beats: BeatMap, metre: Metre) -> str:
    """Return the name of the style that a recording is nearest to."""
    bpm = beats.bpm
    if not is_drummed(heard):
        if metre.beats % 3 == 0 and bpm > 90:
            return "waltz"
        return "ballad" if is_accompanied(heard) else "folk"
    if metre.beats % 3 == 0:
        return "waltz" if metre.unit == 4 and bpm > 90 else "ballad"
    kicks = Counter(round(beats.beat(hit.start)) for hit in heard.drums if hit.key in KICK)
    if len(kicks) > _FOUR * beats.length and _DANCE[0] <= bpm <= _DANCE[1]:
        return "dance_pop"
    return "rock" if bpm >= _FAST else "pop"


def gender_of(heard: Transcription) -> str | None:
    """Return "f" or "m", as the middle of the sung melody suggests; None where nobody sings."""
    if not is_sung(heard) or not heard.melody:
        return None
    return "m" if median(note.pitch for note in heard.melody) < _LOW_VOICE else "f"


def band_of(heard: Transcription, band: dict[str, str]) -> dict[str, str]:
    """Return the players of a band that goes on from a recording: no more of them than it may have itself.

    Parameters
    ----------
    band : layer to instrument preset, of a band in the recording's style.
    """
    if not is_accompanied(heard):
        return {layer: preset for layer, preset in band.items() if layer in _ALONE}
    if not is_drummed(heard):
        strings = {} if is_sung(heard) else {"strings": _UNDRUMMED["strings"]}
        return {"comp": _UNDRUMMED["comp"], **strings, "lead": lead_of(heard)}
    return {**band, "lead": lead_of(heard)} if heard.melody and "lead" in band else band


def lead_of(heard: Transcription) -> str:
    """Return the preset of an instrument that leads where the melody of a recording lies."""
    if not heard.melody:
        return _LEADS[-1][1]
    middle = median(note.pitch for note in heard.melody)
    drummed = is_drummed(heard)
    return next((band if drummed else own for top, own, band in _LEADS if middle < top), _HIGH_LEAD)


def swing_of(heard: Transcription, beats: BeatMap) -> float:
    """Return the place of the off-beat in the beats of a recording, 0.5 where it is straight or not known."""
    places = [beats.beat(hit.start) % 1.0 for hit in heard.drums]
    off = sorted(place for place in places if 0.4 <= place <= 0.75)
    if len(off) < _MOST_OFF:
        return 0.5
    middle = off[len(off) // 2]
    return round(min(middle, _SWUNG[1]), 3) if middle >= _SWUNG[0] else 0.5
