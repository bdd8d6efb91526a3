"""Own synthesizers and drum machines: sound made from recipes instead of recordings.

The way of a note: ``player`` places it, ``patch`` (a synthesizer's data) or ``kit`` (a drum machine's) says what it
is made of, ``engine`` and ``machine`` make its samples with ``waves`` (band-limited oscillators), ``contours``
(envelopes and slow oscillators), ``filters`` and ``plucks`` (a string as a delay line).

Must not know styles, mixing, or the sound bank. Conventions are those of :mod:`descant.perform`; inside this package
seconds and Hz in the data, samples and cycles a sample in the kernels. Control signals (pitch, cutoff, level) have a
point every :data:`~descant.perform.instruments.kernels.BLOCK` samples counted from the note's own start.
"""
