"""Recordings as songs: the partial score of what was heard."""

from collections.abc import Callable

import msgspec
import pytest
from transcriptions import heard_of, slowing

from descant.edit.recordings import WORDLESS, has_recording, played, song_of, tuning_of
from descant.edit.revision import CannotEdit
from descant.perform.voice.voices import profiles
from descant.song.document import Song, decode, encode
from descant.song.lyrics import SectionKind
from descant.song.score import Role
from descant.song.transcription import HeardNote, HeardTempo, HeardVoice, HeardWord
from descant.words import lyrics as lyric_reader

SongOf = Callable[[str], Song]


def test_every_part_of_a_recording_sounds_in_the_recording(song: SongOf) -> None:
    score = song_of(heard_of(song("pop").score), "Heard", voices=profiles()).score
    assert {part.role for part in score.parts} == {Role.RECORDING}
    assert {part.role for part in score.vocals} == {Role.RECORDING}
    assert has_recording(score)
    assert not played(score).parts
    assert not played(score).vocals


def test_notes_keep_the_times_at_which_they_were_heard(song: SongOf) -> None:
    heard = heard_of(song("pop").score, drift=slowing, jitter=0.003)
    score = song_of(heard, "Heard", voices=profiles()).score
    sung = sorted(score.performed(n)[0] for part in score.vocals for p in part.phrases for n in p.notes)
    times = [note.start for note in heard.melody]
    found = [min(abs(time - start) for start in sung) for time in times]
    assert sorted(found)[int(0.95 * len(found))] < 0.001
    drums = next(part for part in score.parts if part.name == "drums")
    assert len(drums.notes) == len(heard.drums)


def test_the_form_is_named_by_what_comes_back(song: SongOf) -> None:
    written = song("pop").score
    found = song_of(heard_of(written), "Heard").score
    assert sum(section.bars for section in found.sections) * 4 == found.length
    chorus = {s.start for s in written.sections if s.kind is SectionKind.CHORUS}
    assert {s.start for s in found.sections if s.kind is SectionKind.CHORUS} == chorus


def test_what_is_sung_to_unknown_words_is_a_vocalise(song: SongOf) -> None:
    found = song_of(heard_of(song("pop").score), "Heard", voices=profiles())
    phrases = [phrase for part in found.score.vocals for phrase in part.phrases]
    assert phrases
    assert all(len(phrase.words) == len(phrase.notes) for phrase in phrases)
    assert found.lyrics == WORDLESS
    assert found.words == ()


def test_known_words_stand_on_the_notes_that_were_sung_to_them(song: SongOf) -> None:
    source = song("pop")
    words = []
    for part in source.score.vocals:
        if part.role is Role.LEAD_VOCAL:
            for n, phrase in enumerate(part.phrases):
                for i, word in enumerate(phrase.words):
                    own = [source.score.performed(note) for note in phrase.notes if note.word == i]
                    words.append(HeardWord(word.text, own[0][0], own[-1][1], 0, n, 0.9))
    text = "[Verse]\n" + "\n".join(p.text for part in source.score.vocals[:1] for p in part.phrases)
    lyrics = lyric_reader.parse(text)
    found = song_of(heard_of(source.score, words=tuple(words)), "Heard", lyrics=lyrics, text=text, voices=profiles())
    sung = [(p.text, [w.text for w in p.words], len(p.notes)) for part in found.score.vocals for p in part.phrases]
    lines = [p for part in source.score.vocals[:1] for p in part.phrases]
    assert [text for text, _, _ in sung] == [line.text for line in lines]
    for (_, own, count), line in zip(sung, lines, strict=True):
        assert own == [word.text for word in line.words]
        assert count >= sum(len(word.syllables) for word in line.words)
    assert len(found.words) == len(words)


@pytest.mark.parametrize("missing", ["", "lo", "el"])
def test_words_sung_as_one_or_not_heard_leave_the_others_on_their_notes(song: SongOf, missing: str) -> None:
    lyrics = lyric_reader.parse("[Verse]\nlo que el viento (viento)", language="es")
    assert [word.text for word in lyrics.sections[0].lines[0].words] == ["lo", "que el", "viento"]
    times = [("lo", 4.0, 4.5), ("que", 4.5, 4.75), ("el", 4.75, 5.0), ("viento", 5.0, 6.0), ("viento", 7.0, 8.0)]
    heard = msgspec.structs.replace(
        heard_of(song("pop").score, only=()),
        melody=tuple(HeardNote(4.0 + n / 2, 4.5 + n / 2, 60.0 + n, 80, 0.9) for n in range(4)),
        voices=(HeardVoice(0.0, 90.0, 0.9),),
        words=tuple(HeardWord(text, start, stop, 0, 0, 0.9) for text, start, stop in times if text != missing),
    )
    found = song_of(heard, "Viento", lyrics=lyrics, voices=profiles()).score
    phrase = next(phrase for part in found.vocals for phrase in part.phrases if phrase.text == "lo que el viento")
    sung = [(phrase.words[note.word].text, note.pitch) for note in phrase.notes]
    assert sung == [pair for pair in _VIENTO if pair[0] != missing]


_VIENTO = [("lo", 60), ("que el", 61), ("viento", 62), ("viento", 63)]


def test_the_tuning_of_a_recording_is_the_mean_of_its_notes(song: SongOf) -> None:
    heard = heard_of(song("pop").score)
    sharp = tuple(msgspec.structs.replace(note, pitch=note.pitch + 0.31) for note in heard.melody)
    found = song_of(msgspec.structs.replace(heard, melody=sharp), "Sharp")
    assert tuning_of(found) == pytest.approx(31.0, abs=1.0)
    pitches = {note.pitch for part in found.score.vocals for p in part.phrases for note in p.notes}
    assert pitches == {round(note.pitch) for note in heard.melody}


def test_a_recording_is_a_document_like_any_song(song: SongOf) -> None:
    found = song_of(heard_of(song("waltz").score), "Heard", voices=profiles())
    assert decode(encode(found)) == found
    assert found.heard is not None
    assert found.plan.metre == found.score.metre
    assert len(found.plan.sections) == len(found.score.sections)


def test_the_same_transcription_gives_the_same_song(song: SongOf) -> None:
    heard = heard_of(song("rock").score)
    assert encode(song_of(heard, "A", voices=profiles())) == encode(song_of(heard, "A", voices=profiles()))


def test_a_few_doubtful_notes_in_a_short_clip_make_a_song_all_the_same(song: SongOf) -> None:
    heard = msgspec.structs.replace(
        heard_of(song("pop").score, only=()),
        seconds=6.0,
        beats=(0.4, 1.1),
        downbeats=(),
        sections=(),
        pulse=False,
        melody=(HeardNote(0.5, 0.9, 60.4, 80, 0.2), HeardNote(1.0, 1.4, 62.0, 80, 0.7)),
    )
    found = song_of(heard, "Short", voices=profiles())
    assert found.score.length > 0
    assert found.score.chords[0].start == 0.0


def test_what_cannot_be_written_down_is_refused_in_words(song: SongOf) -> None:
    heard = msgspec.structs.replace(heard_of(song("pop").score), tempo=HeardTempo(0.0, 0.0))
    with pytest.raises(CannotEdit, match="tempo"):
        song_of(heard, "Nothing")
