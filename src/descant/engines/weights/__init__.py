"""Trained networks that listen better, from a folder of the house's own: never from a hub, never unasked.

A folder holds ``weights.toml``, which names each network, the SHA-256 of its file and what it must be fed, and
the files, in ONNX form: they are numbers and arithmetic alone, unlike pickles, which may run anything. How HTDemucs,
BS-RoFormer, beat_this or a CTC aligner come into that form is told in ``docs/weights.md``. Nothing is loaded whose sum
does not match, and every fact that a network found names it.
"""
