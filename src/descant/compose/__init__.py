"""Writes songs: a brief and its words become a plan, and a plan becomes a score.

Owns form, harmony, vocal rhythm, melody, arrangement and the timing and dynamics of the performance, as a pure
function of its inputs and a seed. Must not know audio, HTTP, or any file other than its own style data.

The road of a song: :mod:`~descant.compose.planning` decides style, tempo, key, form, energy, band and voice;
:mod:`~descant.compose.harmony` chooses chords; :mod:`~descant.compose.vocals` writes each line's rhythm
(:mod:`~descant.compose.rhythm`) and pitches (:mod:`~descant.compose.melody`) into a
:class:`~descant.compose.sketch.Sketch`; :mod:`~descant.compose.arranging` gives the sketch a band; and
:mod:`~descant.compose.writing` binds all of it into a score. :mod:`~descant.compose.metrics` measures the result
against real songs.
"""
