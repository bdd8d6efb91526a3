"""Measures a written song against charted songs.

Owns the metrics of research/composition.md §7 that a score alone answers: what each is, how it is computed, and the
range real songs keep. Must not know how a song was written. Each module validates and computes; :func:`evaluate`
gathers. Metrics guard against breakage; they do not certify that a song is good.

Conventions: shares are 0–1; intervals are ignored across gaps of two beats or more; phrases are the score's phrases;
section overlaps are F1 scores of sets of (onset within the section in slots, pitch against the section's tonic).
A metric that a song cannot answer (no chorus, no polysyllable) is ``nan`` and fails no gate.
"""

from descant.compose.metrics.gates import GATES, REPORTED, distance, evaluate, failures, missed

__all__ = ["GATES", "REPORTED", "distance", "evaluate", "failures", "missed"]
