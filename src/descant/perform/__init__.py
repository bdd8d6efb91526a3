"""Performance: a score and a window of time in, float32 stems out.

Owns how notes become sound: ``instruments/`` plays parts from a sound bank, ``voice/`` sings vocal parts. Must not
know styles, mixing, files of a song or HTTP.

Conventions
-----------
Audio is float32, shape (samples, 2), 48 000 Hz, full scale ±1. Sample 0 is the first sample of the song, that is
``score.lead_in`` seconds before beat 0. A note is rendered from itself alone (pitch, time, velocity, its own random
stream), so any window of a stem equals the same window of the whole, sample for sample.
"""
