"""What an engine leaves of a finished song: its document, sound, stems, notes, cover and recall sheet as files."""

from collections import Counter
from pathlib import Path

from descant.engines import protocol
from descant.engines.stems import stem_file
from descant.media import cover, flac, midi, mp3, wav
from descant.media.id3 import LANGUAGES, UNKNOWN_LANGUAGE, Tags
from descant.mix import recall
from descant.mix.levels import set_aside
from descant.mix.mixdown import Mixdown
from descant.song.document import Song, encode
from descant.song.score import Role, Score
from descant.words.fields import shown


def tags(song: Song, picture: bytes) -> Tags:
    """Return what players are to show of a song, with ``picture`` (JPEG) as its cover."""
    return Tags(
        title=song.title,
        lyrics=shown(song.lyrics),
        genre=song.plan.genres[0][0],
        comment=song.tags,
        bpm=song.plan.bpm,
        key=song.plan.key.name,
        cover=picture,
        words=tuple((word.text, word.start) for word in song.words if word.role == Role.LEAD_VOCAL),
        language=_language(song.score),
    )


def _language(score: Score) -> str:
    """Return the language of most lines, as tags name it; an instrumental is of none."""
    lines = Counter(phrase.language for part in score.vocals for phrase in part.phrases)
    if not lines:
        return UNKNOWN_LANGUAGE
    code = max(sorted(lines), key=lambda language: lines[language])
    return LANGUAGES.get(code.split("-")[0], UNKNOWN_LANGUAGE)


def save(song: Song, mixdown: Mixdown, workspace: Path) -> None:
    """Write all files of a song into ``workspace``; stems that lie in scratch files leave memory as they are done."""
    picture = cover.draw(song.title, song.plan, song.score)
    (workspace / protocol.COVER_FILE).write_bytes(picture)
    (workspace / protocol.MIDI_FILE).write_bytes(midi.encode(song.score))
    told = tags(song, picture)
    (workspace / protocol.WAV_FILE).write_bytes(wav.encode(mixdown.master, tags=told))
    (workspace / protocol.AUDIO_FILE).write_bytes(mp3.encode(mixdown.master, tags=told))
    (workspace / protocol.STEMS_FOLDER).mkdir()
    for role, stem in mixdown.stems.items():
        (workspace / stem_file(role.value)).write_bytes(flac.encode(stem))
        set_aside(stem)
    (workspace / protocol.RECALL_FILE).write_bytes(recall.encode(mixdown.recall))
    (workspace / protocol.SONG_FILE).write_bytes(encode(song))
