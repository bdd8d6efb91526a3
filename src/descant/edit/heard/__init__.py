"""What was heard in a recording, written down as a score: its beats, form, chords, notes, words, groove and style.

Each module reads one kind of fact from a :class:`~descant.song.transcription.Transcription`;
:mod:`descant.edit.recordings` puts them together.
"""
