"""The singer: sung phrases of a score become a vocal stem.

Owns where the voice's sound comes from (``sources/``), how syllables sit on notes (``timing``), how pitch moves
(``pitch``), how a phrase is sounded (``envelope``, ``excitation``, ``synthesis``, ``breath``) and who sings
(``voices/*.toml``). Must not know styles, the band, files of a song, or HTTP.

Conventions
-----------
The score carries the phones: a source speaks exactly the phones of a phrase's syllables and says when it spoke them;
its melody and its tempo are thrown away. Everything between source and sound runs in frames of 5 ms (``HOP`` samples
at 48 kHz). Spectra are natural logarithms of amplitude on ``FFT // 2 + 1`` bins. Pitch is in cents above MIDI note 0.
A phrase is rendered from itself alone, with noise from its own named streams, so any window of a stem equals the same
window of the whole. Method and figures: WORLD's split into envelope, aperiodicity and pitch (Morise 2016), with a
synthesiser of its own here because WORLD's keeps its noise in global state.
"""
