"""A finished song in further formats, encoded from its lossless file when asked for."""

from pathlib import Path

from descant.engines import protocol
from descant.song.document import Song

FORMATS = ("flac", "m4a", "opus", "mp4")
"""Endings of the formats: lossless, AAC, Opus in Ogg, and a video with the waveform and the words."""


def export(song: Song, folder: Path, ending: str) -> bytes:
    """Return a song as a file of another format.

    Parameters
    ----------
    folder : holds the files that the engine left of ``song``.
    ending : one of :data:`FORMATS`.
    """
    from descant.engines.delivery import tags  # heavy: encoders, loaded only where something is encoded
    from descant.media import decode, flac, m4a, opus, video

    audio = decode.decode((folder / protocol.WAV_FILE).read_bytes(), max_seconds=song.seconds + 1.0)
    cover = (folder / protocol.COVER_FILE).read_bytes()
    if ending == "flac":
        return flac.encode(audio)
    if ending == "mp4":
        return video.encode(audio, title=song.title, cover=cover, words=song.words)
    encode = {"m4a": m4a.encode, "opus": opus.encode}[ending]
    return encode(audio, tags=tags(song, cover))
