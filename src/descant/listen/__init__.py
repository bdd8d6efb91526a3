"""Listening: a recording in, facts about it out.

Owns what can be heard in a sound that nobody wrote: tempo and beats, key and chords, form, melody, bass, notes, drums,
voices, the times of given words, and the sources it can be taken apart into. Must not know files, HTTP or engines.

Conventions
-----------
Audio is float32, shape (samples, 2), 48 000 Hz, full scale ±1; times are seconds from its first sample, pitch is in
MIDI numbers, levels in dB. Everything is a pure function, and the same samples give the same facts. Each kind of fact
is given with the method that found it and how sure it is (:class:`~descant.song.transcription.Evidence`).
"""
