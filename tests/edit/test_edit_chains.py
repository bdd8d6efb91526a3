"""Edits of edits of recordings: what was heard is carried along, and every next edit takes the usual road."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec
import pytest
from transcriptions import heard_of

from descant.edit.heard import carrying
from descant.edit.recordings import has_recording, song_of, tuning_of
from descant.edit.revising import revise
from descant.edit.revision import Keep, Over, Perform, Revision
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import AddInstrumental, AddVocals, Concat, Cover, Extend, Order, Replace, Sample
from descant.song.score import Role
from descant.song.transcription import HeardNote, Transcription
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]
Made = Callable[[Revision], Song]
CENTS = 22.0
WORDS = "[Verse]\nLeave a light on in the hall"
MORE = Brief(seed=4, instrumental=True, max_seconds=40.0)


def sharpened(heard: Transcription) -> Transcription:
    """Return what is heard of a recording that is tuned a little sharp."""

    def sharp(notes: tuple[HeardNote, ...]) -> tuple[HeardNote, ...]:
        return tuple(msgspec.structs.replace(note, pitch=note.pitch + CENTS / 100) for note in notes)

    return msgspec.structs.replace(heard, melody=sharp(heard.melody), bass=sharp(heard.bass), notes=sharp(heard.notes))


@pytest.fixture(scope="module")
def recording(song: SongOf, voices: Voices) -> Song:
    return song_of(sharpened(heard_of(song("pop").score, jitter=0.004)), "Carry Me Over", voices=voices)


@pytest.fixture
def make(voices: Voices, made: Made) -> Callable[..., Song]:
    def song(order: Order, *sources: Song) -> Song:
        return made(revise(order, sources, voices))

    return song


def on_the_beat(song: Song, origin: float, score_of: Song) -> None:
    """Check that a song that begins at a second of a recording keeps the recording's beats."""
    assert score_of.heard is not None
    beats = score_of.heard.beats
    for beat in (0.0, 1.0, 4.0):
        at = origin + song.score.seconds(beat)
        assert min(abs(at - other) for other in beats) < 0.012


def test_an_extension_of_an_extension_keeps_beat_key_and_tuning_and_all_are_one_song(
    recording: Song, make: Callable[..., Song], voices: Voices
) -> None:
    first = make(Extend(MORE, at=20.0), recording)
    revision = revise(Extend(msgspec.structs.replace(MORE, seed=5), at=first.seconds / 2), [first], voices)
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert take.tuning == first.tuning == tuning_of(recording) == pytest.approx(CENTS, abs=1.0)
    assert revision.score.key == recording.score.key
    second = make(Extend(msgspec.structs.replace(MORE, seed=5), at=first.seconds / 2), first)
    whole = make(Concat(), recording, first, second)
    assert first.joined_at is not None
    assert whole.heard is not None
    assert whole.heard.seconds == first.joined_at
    assert whole.heard.evidence == recording.heard.evidence if recording.heard else False
    assert tuning_of(whole) == pytest.approx(CENTS, abs=1.5)
    on_the_beat(first, first.joined_at, recording)
    lines = [whole.score.seconds(4.0 * bar) for bar in range(int(whole.score.length / 4))]
    steps = [right - left for left, right in pairwise(lines)]
    assert max(steps) - min(steps) < 0.02
    again = make(Extend(msgspec.structs.replace(MORE, seed=6), at=whole.seconds - 4.0), whole)
    assert again.tuning == pytest.approx(CENTS, abs=1.5)
    assert not has_recording(again.score)


def test_an_extension_is_left_before_its_last_bar_in_which_songs_end(
    recording: Song, make: Callable[..., Song]
) -> None:
    first = make(Extend(MORE, at=20.0), recording)
    whole = make(Concat(), recording, first)
    for song in (first, whole):
        more = make(Extend(msgspec.structs.replace(MORE, seed=5), at=song.seconds - 0.5), song)
        assert more.joined_at is not None
        left = song.score.tempo_map.beat(more.joined_at + more.score.lead_in - song.score.lead_in)
        assert left <= song.score.length - song.score.metre.bar_length + 1e-3


def test_a_stretch_of_a_recording_with_added_voices_is_replaced_and_what_was_heard_stays_around_it(
    recording: Song, make: Callable[..., Song], voices: Voices
) -> None:
    sung = make(AddVocals(Brief(seed=3, lyrics=WORDS, tags="pop"), start=4.0), recording)
    assert sung.heard == recording.heard
    revision = revise(Replace(Brief(seed=4, instrumental=True), 24.0, 30.0), [sung], voices)
    kept = [take for take in revision.takes if isinstance(take, Keep)]
    (performed,) = (take for take in revision.takes if isinstance(take, Perform))
    assert performed.tuning == pytest.approx(CENTS, abs=1.0)
    assert not has_recording(performed.score)
    assert revision.heard is not None
    gap = kept[0].stop, kept[1].start
    for facts in (revision.heard.notes, revision.heard.drums, revision.heard.melody):
        assert facts
        assert not any(gap[0] <= fact.start < gap[1] for fact in facts)
    assert revision.heard.beats == sung.heard.beats


def test_a_cover_of_a_recording_with_added_voices_sings_the_voices_and_not_what_they_cover(
    recording: Song, make: Callable[..., Song], voices: Voices, made: Made
) -> None:
    sung = make(AddVocals(Brief(seed=3, lyrics=WORDS, tags="pop"), start=4.0), recording)
    cover = revise(Cover(Brief(seed=6, tags="rock"), faithfulness=1.0), [sung], voices)
    lead = [n for p in cover.score.vocals if p.role is Role.LEAD_VOCAL for phrase in p.phrases for n in phrase.notes]
    assert lead
    assert all(a.start + a.duration <= b.start + 1e-6 for a, b in pairwise(sorted(lead, key=lambda n: n.start)))
    texts = {phrase.text for part in cover.score.vocals for phrase in part.phrases}
    assert "Leave a light on in the hall" in texts
    assert cover.heard is None
    more = revise(Extend(MORE, at=20.0), [made(cover)], voices)
    assert more.score.key == cover.score.key
    assert more.tuning == 0.0


def test_voices_are_added_to_a_recording_that_has_got_a_band(
    recording: Song, make: Callable[..., Song], voices: Voices
) -> None:
    accompanied = make(AddInstrumental(Brief(seed=3, tags="pop")), recording)
    assert accompanied.heard == recording.heard
    sung = revise(AddVocals(Brief(seed=3, lyrics=WORDS, tags="pop"), start=4.0), [accompanied], voices)
    (take,) = sung.takes
    assert isinstance(take, Over)
    assert take.perform.tuning == pytest.approx(CENTS, abs=1.0)
    assert {part.role for part in sung.score.parts} >= {Role.RECORDING, Role.BASS}
    grown = revise(Sample(Brief(seed=5, tags="house", lyrics=WORDS), 8.0, 14.0), [accompanied], voices)
    assert grown.score.parts


def test_a_recording_is_heard_up_to_where_it_is_left(song: SongOf) -> None:
    heard = heard_of(song("pop").score)
    cut = carrying.until(heard, 17.3)
    assert cut.seconds == 17.3
    assert cut.beats[-1] < 17.3 <= heard.beats[len(cut.beats)]
    assert all(number < len(cut.beats) for number in cut.downbeats)
    assert cut.chords[-1].stop == 17.3
    assert cut.sections[-1].stop == 17.3
    for facts in (cut.notes, cut.drums, cut.voices, cut.melody):
        assert facts
        assert all(fact.start < 17.3 for fact in facts)


def test_singing_is_known_only_where_it_is_kept(song: SongOf) -> None:
    heard = heard_of(song("pop").score)
    voice = heard.voices[4]
    middle = (voice.start + voice.stop) / 2
    left = carrying.within(heard, [(0.0, middle), (voice.stop + 5.0, heard.seconds)])
    assert any(part.stop == pytest.approx(middle) for part in left.voices)
    assert not any(middle < part.start < voice.stop + 5.0 - 1e-6 for part in left.voices)
