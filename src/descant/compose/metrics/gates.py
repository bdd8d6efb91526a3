"""Every metric of a song, and the ranges that real songs keep."""

import math
from collections.abc import Callable, Mapping

from descant.compose.metrics import accord, ensemble, line, prosody, sections
from descant.compose.metrics.tune import Tune
from descant.song.score import Score

Range = tuple[float, float]

_TUNE: dict[str, tuple[Callable[[Tune], float], Range, bool]] = {
    "repeated notes": (line.repeated_note_share, (0.12, 0.45), True),
    "steps": (line.step_share, (0.30, 0.60), True),
    "leaps": (line.leap_share, (0.03, 0.20), False),
    "wide leaps": (line.wide_leap_share, (0.0, 0.06), False),
    "interval divergence": (line.interval_divergence, (0.0, 0.06), False),
    "pitch-class entropy": (line.pitch_class_entropy, (2.1, 2.9), False),
    "leap reversal": (line.leap_reversal, (0.40, 1.0), False),
    "leap continuation": (line.leap_continuation, (0.0, 0.25), False),
    "range": (line.melodic_range, (10.0, 22.0), True),
    "central range": (line.central_range, (7.0, 16.0), False),
    "phrase range": (line.phrase_range, (5.0, 9.0), False),
    "oscillation": (line.oscillation_share, (0.06, 0.25), False),
    "melisma": (line.melisma_share, (0.0, 0.20), False),
    "final chord tones": (line.final_chord_tones, (0.65, 0.97), False),
    "strong chord tones": (accord.strong_chord_tones, (0.55, 0.92), True),
    "weak chord tones": (accord.weak_chord_tones, (0.50, 0.85), False),
    "resolved foreign notes": (accord.resolved_foreign_notes, (0.65, 1.0), False),
    "stress stronger": (prosody.stress_on_stronger, (0.68, 1.0), True),
    "stress weaker": (prosody.stress_on_weaker, (0.0, 0.20), True),
    "function words strong": (prosody.function_words_on_strong, (0.0, 0.15), False),
    "content to function": (prosody.content_to_function_length, (1.1, 2.0), False),
    "final lengthening": (prosody.final_lengthening, (1.3, 3.5), True),
    "phrase gap": (prosody.phrase_gap, (0.75, 4.0), False),
    "notes per bar": (prosody.notes_per_bar, (3.0, 6.3), False),
    "notes per second": (prosody.notes_per_second, (1.2, 4.5), False),
    "onset divergence": (prosody.onset_divergence, (0.0, 0.12), False),
    "syncopation": (prosody.syncopated_share, (0.06, 0.36), False),
    "even run": (prosody.even_run, (0.0, 14.0), False),
    "bar rhythm repetition": (sections.bar_rhythm_repetition, (0.35, 0.85), True),
    "bar melody repetition": (sections.bar_melody_repetition, (0.20, 0.75), True),
    "chorus identity": (sections.chorus_identity, (0.80, 1.0), True),
    "verse rhythm likeness": (sections.verse_rhythm_likeness, (0.55, 1.0), True),
    "verse likeness": (sections.verse_likeness, (0.30, 0.95), True),
    "verse-chorus likeness": (sections.verse_chorus_likeness, (0.0, 0.35), True),
    "verse-chorus rhythm": (sections.verse_chorus_rhythm_likeness, (0.0, 0.80), True),
    "chorus rise": (sections.chorus_rise, (0.0, 5.0), True),
    "chorus density": (sections.chorus_density, (0.55, 1.25), True),
    "four-bar rhythm": (sections.four_bar_rhythm, (0.35, 1.0), False),
    "first chorus": (sections.first_chorus, (0.06, 0.40), False),
    "accompaniment above": (accord.accompaniment_above_voice, (0.0, 0.15), True),
    "missing syllables": (prosody.missing_syllables, (0.0, 0.0), True),
    "overlaps": (prosody.overlaps, (0.0, 0.0), True),
    "longest stretch": (prosody.longest_stretch, (0.0, 1.0), True),
    "shortest rest": (prosody.shortest_rest, (0.2, math.inf), True),
    "voice span": (accord.voice_span, (0.0, 0.0), True),
    "outer parallels": (ensemble.outer_parallels, (0.0, 0.15), False),
}
_SCORE: dict[str, tuple[Callable[[Score], float], Range, bool]] = {
    "chord changes": (accord.chord_changes_per_bar, (0.25, 2.0), False),
    "distinct chords": (accord.distinct_chords, (2.0, 11.0), False),
    "low intervals": (accord.low_interval_violations, (0.0, 0.0), True),
    "energy contrast": (sections.energy_contrast, (1.15, math.inf), False),
    "groove consistency": (ensemble.groove_consistency, (0.80, 0.97), False),
    "drum velocity spread": (ensemble.drum_velocity_spread, (12.0, math.inf), False),
    "ghost notes": (ensemble.ghost_share, (0.0, 0.75), False),
    "timing spread": (ensemble.timing_spread, (0.0, 12.0), False),
    "voice leading": (ensemble.voice_leading, (0.0, 2.0), False),
    "key clarity": (ensemble.key_clarity, (0.0, 2.0), False),
}
GATES: dict[str, Range] = {name: row[1] for table in (_TUNE, _SCORE) for name, row in table.items() if row[2]}
"""Metric to the range every song must keep."""
REPORTED: dict[str, Range] = {name: row[1] for table in (_TUNE, _SCORE) for name, row in table.items() if not row[2]}
"""Metric to the range most songs keep; outside it is worth a look."""


def evaluate(score: Score) -> dict[str, float]:
    """Return every metric of a song; ``nan`` where the song cannot answer (all melodic ones when nobody sings)."""
    tune = Tune(score)
    values = {name: (row[0](tune) if tune.notes else math.nan) for name, row in _TUNE.items()}
    return values | {name: row[0](score) for name, row in _SCORE.items()}


def missed(score: Score) -> dict[str, float]:
    """Return the gates of the voices that a song misses, with their values; those of the band are not asked."""
    tune = Tune(score)
    if not tune.notes:
        return {}
    own = {name: row[0](tune) for name, row in _TUNE.items() if row[2]}
    return failures(own, {name: _TUNE[name][1] for name in own})


def distance(found: Mapping[str, float]) -> float:
    """Return how far missed metrics lie outside their ranges, each in widths of its range."""
    total = 0.0
    for name, value in found.items():
        low, high = GATES[name]
        width = high - low if 0.0 < high - low < math.inf else 1.0
        total += max(low - value, value - high, 0.0) / width
    return total


def failures(values: Mapping[str, float], ranges: Mapping[str, Range] = GATES) -> dict[str, float]:
    """Return the metrics of :func:`evaluate` that lie outside their ranges."""
    return {
        name: values[name]
        for name, (low, high) in ranges.items()
        if not math.isnan(values[name]) and not low - 1e-9 <= values[name] <= high + 1e-9
    }
