"""Mixing and mastering: parts in, a finished record and its stems out.

Owns channel strips, sends, side-chains, the bus, loudness and true peak, and the profiles (``profiles/*.toml``)
that say how each kind of song is mixed. Must not know files (other than its profiles), HTTP or how a part is played.

Conventions
-----------
Audio is float32, shape (samples, 2), 48 000 Hz, full scale ±1; levels are in dB, loudness in LUFS, times in seconds
unless a name says otherwise. Processors are small objects with state: ``process`` takes the next block, changes it
in place or gives a new one, and feeding a signal in blocks gives the samples that feeding it whole gives, as long
as every block but the last is a multiple of :data:`descant.mix.levels.CONTROL` samples.

Nonlinear processing happens on channels only. The bus is a linear filter and one gain curve shared by both
channels, both found from the whole mix and then applied to every stem, so that the stems sum to the master.
"""
