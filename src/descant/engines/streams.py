"""Where a finished file goes on from what was heard of it while it was made; light, for those who only serve.

What an engine leaves in :data:`~descant.engines.protocol.STREAM_FILE` are the frames of the finished file.
"""

from descant.media import mp3

HEAD = mp3.TAG_HEAD
"""Bytes of a finished file that tell where its frames begin."""


def frames_begin(head: bytes) -> int:
    """Return where the frames begin in a finished file, of which ``head`` is the beginning."""
    return mp3.sound_begins(head)
