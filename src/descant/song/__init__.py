"""The nouns every other room speaks: Brief, Lyrics, Plan, Score, Song, and the music theory under them.

Owns data and theory only. Must not know I/O, audio or HTTP.

Conventions
-----------
Time is in beats (quarter notes, floats) from the start of the song; :class:`~descant.song.tempo.TempoMap`
is the one place that turns beats into seconds. Pitch is in MIDI numbers (60 = C4). All documents are frozen
``msgspec`` structs, so they encode to JSON and back without code of their own.
"""
