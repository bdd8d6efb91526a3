"""How covers are painted: a palette and a subject from the song, a scheme that composes them, lettering on top.

A scheme is a module with ``paint(subject, palette, draw)``, which gives a float32 picture (SIZE, SIZE, 3) of sRGB
values 0–1. ``draw`` is the generator for everything that is chance. Add a scheme: add a module and name it in
``descant.media.cover``.
"""
