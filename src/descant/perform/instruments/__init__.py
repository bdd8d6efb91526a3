"""Instruments: parts of a score played from a SoundFont bank, or by synthesizers and drum machines of our own.

The way of a note: ``player`` finds when it starts and is let go, ``presets`` says which programs of the bank play it
and how, ``zones`` and ``modulators`` read the bank's settings for its pitch and velocity, ``voice`` turns them into
physical numbers, ``kernels`` make samples of them. Presets with a ``[synth]`` or ``[machine]`` table go to ``synths``.

Must not know styles, mixing or files of a song. Conventions are those of :mod:`descant.perform`; inside this package
times are in samples unless a name says otherwise, levels in dB, intervals in cents.
"""
