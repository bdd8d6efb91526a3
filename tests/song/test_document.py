import msgspec
import pytest

from descant.song.brief import Brief
from descant.song.document import Provenance, Song, decode, encode
from descant.song.lyrics import SectionKind, Syllable, SyllableClass, Word
from descant.song.plan import Plan, PlannedSection
from descant.song.score import ChordSpan, Note, Part, Phrase, Role, Score, Section, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Chord, Key

WORD = Word("Boat,", "boat", (Syllable("boat", ("b", "ow", "t"), SyllableClass.CONTENT, 1),))


def song() -> Song:
    key = Key(2, "major")
    score = Score(
        title="Boat",
        tempo=(TempoChange(0.0, 100.0),),
        metre=Metre(),
        key=key,
        sections=(Section(SectionKind.VERSE, "Verse", 0.0, 1, 0.5, key),),
        chords=(ChordSpan(0.0, 4.0, Chord(2)),),
        parts=(Part("piano", Role.KEYBOARD, "grand_piano", (Note(0.0, 4.0, 62, 80, 0.003),)),),
        vocals=(
            VocalPart(
                "lead", Role.LEAD_VOCAL, "clara", (Phrase("Boat,", (WORD,), (SungNote(1.0, 2.0, 69, 0, 0),), 0),)
            ),
        ),
        length=4.0,
    )
    plan = Plan(
        seed=4,
        title="Boat",
        genres=(("pop", 1.0),),
        bpm=100.0,
        key=key,
        metre=Metre(),
        sections=(PlannedSection(SectionKind.VERSE, "Verse", 1, 0.5),),
        instruments={"comp": "grand_piano"},
    )
    return Song(
        brief=Brief(seed=4, lyrics="Boat,"),
        plan=plan,
        score=score,
        provenance=Provenance(engine="score", version="0", seed=4),
        title="Boat",
        lyrics="Boat,",
        tags="",
        seconds=6.0,
        loudness=-14.0,
        true_peak=-1.2,
    )


def test_a_song_comes_back_from_its_document_unchanged() -> None:
    assert decode(encode(song())) == song()


def test_equal_songs_give_equal_bytes() -> None:
    assert encode(song()) == encode(decode(encode(song())))


def test_a_document_of_another_schema_is_refused() -> None:
    other = msgspec.structs.replace(song(), schema=99)
    with pytest.raises(ValueError, match="schema 99"):
        decode(encode(other))


@pytest.mark.parametrize("data", [b"{}", b"", b"\xff", b'{"score": 3}'])
def test_what_is_no_song_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a song document"):
        decode(data)


def test_performed_time_includes_the_lead_in_and_the_shift() -> None:
    score = song().score
    start, stop = score.performed(score.parts[0].notes[0])
    assert (start, stop) == pytest.approx((0.403, 0.403 + 2.4))
