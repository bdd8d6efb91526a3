"""Editing: songs become another song: extend, concat, cover, remaster, replace a section, mash up, sample, rescore.

Owns what an edit means for the score, and which stretches of audio are kept as they are. Pure functions of song
documents and an order: it reads and writes no files and makes no sound. An engine carries out the
:class:`~descant.edit.revision.Revision` they return. Must not know HTTP, storage, or how sound is stored.
"""
