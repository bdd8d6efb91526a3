"""A finished song in further formats, encoded from its lossless file when asked for."""

from pathlib import Path

from descant.engines import protocol
from descant.song.document import decode

FILES = {
    "flac": "audio.flac",
    "m4a": "audio.m4a",
    "opus": "audio.opus",
    "mp3_320": "audio.320.mp3",
    "mp3_v0": "audio.v0.mp3",
    "wav_16": "audio.16.wav",
    "mp4": "video.mp4",
}
"""The formats, each with the name of its file: lossless, AAC, Opus in Ogg, MP3 of 320 kbit/s and of a variable rate,
WAV of 16 bits, and a video with the waveform and the words."""

NEEDED = (protocol.SONG_FILE, protocol.WAV_FILE, protocol.COVER_FILE)
"""The files of a song that the others are made from."""


def export(folder: Path, format: str) -> bytes:
    """Return a song as a file of another format, with its tags, lyrics and cover.

    Parameters
    ----------
    folder : holds the files :data:`NEEDED` of a finished song.
    format : one of :data:`FILES`.
    """
    from descant.engines.delivery import tags  # heavy: encoders, loaded only where something is encoded
    from descant.media import flac, m4a, mp3, opus, video, wav

    song = decode((folder / protocol.SONG_FILE).read_bytes())
    audio = wav.decode((folder / protocol.WAV_FILE).read_bytes())
    cover = (folder / protocol.COVER_FILE).read_bytes()
    told = tags(song, cover)
    match format:
        case "flac":
            return flac.encode(audio, tags=told)
        case "m4a":
            return m4a.encode(audio, tags=told)
        case "opus":
            return opus.encode(audio, tags=told)
        case "mp3_320":
            return mp3.encode(audio, bitrate=320, tags=told)
        case "mp3_v0":
            return mp3.encode(audio, bitrate=None, tags=told)
        case "wav_16":
            return wav.encode(audio, 16, tags=told)
        case "mp4":
            return video.encode(audio, title=song.title, cover=cover, words=song.words)
        case _:
            raise ValueError(f"there is no format {format!r}; known: {', '.join(FILES)}")
