"""Between arrays and files: encoding, decoding, tags, cover art, MIDI, lead sheets, piano rolls.

Owns file formats, one a module, and the drawing of covers. Must not know how music is decided or performed. Every
encoder is a pure function: the same input gives the same bytes. Audio is float32 (samples, 2), 48 000 Hz, full
scale ±1.
"""
