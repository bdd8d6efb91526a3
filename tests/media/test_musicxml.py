"""The lead sheet, read by music21, which knows nothing of how it was written."""

from fractions import Fraction
from xml.etree import ElementTree as ET

import msgspec
import music21
import pytest

from descant.engines.score.engine import write
from descant.media import leadsheet, musicxml
from descant.song.brief import Brief
from descant.song.lyrics import SectionKind
from descant.song.score import ChordSpan, Note, Part, Role, Section
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import QUALITIES, Chord, Key

LYRICS = """[Verse]
We folded up the morning into little paper boats
Every little memory is drifting out of view (out of view)
[Chorus]
Paper boats, oh, paper boats
Carry all my heavy hopes (carry me)
[Guitar Solo]
[Chorus]
Paper boats, oh, paper boats
Carry all my heavy hopes
"""
STYLES = (
    "pop, in Ab major, female vocals",
    "piano ballad, in C# minor, male vocals",
    "bossa nova, in Eb major",
    "waltz, 3/4, in F# minor",
    "swing jazz, in Bb major",
    "6/8 soul ballad, in D major",
    "rap, hip hop, male vocals",
    "pop with a key change, in F# major",
)


def read(score):
    return music21.converter.parse(musicxml.encode(score), format="musicxml")


def shift(sheet):
    """Quarters of the pickup."""
    first = sheet.parts[0].getElementsByClass(music21.stream.Measure)[0]
    return first.duration.quarterLength if first.number == 0 else 0


def tones(sheet, part):
    """Return (start, duration, pitch) of a part's notes, tied ones joined, in beats of the score."""
    joined = sheet.parts[part].flatten().notes.stream().stripTies()
    return [
        (Fraction(n.offset - shift(sheet)), Fraction(n.duration.quarterLength), n.pitch.midi)
        for n in joined
        if not isinstance(n, music21.harmony.ChordSymbol)
    ]


def sung(part):
    return [
        (Fraction(n.start), Fraction(n.duration), n.pitch)
        for phrase in sorted(part.phrases, key=lambda p: p.notes[0].start)
        for n in phrase.notes
    ]


@pytest.fixture(scope="module", params=STYLES)
def song(request):
    _, _, score = write(Brief(seed=7, lyrics=LYRICS, tags=request.param))
    return score, read(score)


def test_every_sung_note_comes_back_where_it_was(song):
    score, sheet = song
    for index, part in enumerate(sorted(score.vocals, key=lambda v: v.role is not Role.LEAD_VOCAL)):
        assert tones(sheet, index) == sung(part)


def test_bars_add_up_and_are_as_many_as_the_sections_have(song):
    score, sheet = song
    for part in sheet.parts:
        measures = [m for m in part.getElementsByClass(music21.stream.Measure) if m.number > 0]
        assert len(measures) == sum(section.bars for section in score.sections)
        for measure in measures:
            inside = sum(n.duration.quarterLength for n in measure.notesAndRests if n.duration.quarterLength)
            assert inside == score.metre.bar_length


def test_words_come_back_in_order(song):
    score, sheet = song
    expected = [
        syllable.text
        for phrase in sorted(score.vocals[0].phrases, key=lambda p: p.notes[0].start)
        for word in phrase.words
        for syllable in word.syllables
    ]
    found = [lyric.text for note in sheet.parts[0].flatten().notes for lyric in note.lyrics if lyric.text]
    assert [text.rstrip(",.;:!?…") for text in found] == [text.rstrip(",.;:!?…") for text in expected]


def test_chords_come_back(song):
    score, sheet = song
    starts = {section.start for section in score.sections}
    expected, last = [], None
    for span in score.chords:
        if span.chord != last or span.start in starts:
            expected.append((span.start, span.chord.root, span.chord.bass_pitch_class))
        last = span.chord
    symbols = sheet.parts[0].flatten().getElementsByClass(music21.harmony.ChordSymbol)
    found = [(c.offset - shift(sheet), c.root().pitchClass, c.bass().pitchClass) for c in symbols]
    assert found == expected


def test_keys_sections_and_tempo_come_back(song):
    score, sheet = song
    flat = sheet.parts[0].flatten()
    assert [m.content for m in flat.getElementsByClass(music21.expressions.RehearsalMark)] == [
        section.label for section in score.sections
    ]
    marks = flat.getElementsByClass(music21.tempo.MetronomeMark)
    assert [m.offset - shift(sheet) for m in marks] == [change.beat for change in score.tempo]
    assert [m.getQuarterBPM() for m in marks] == pytest.approx([change.bpm for change in score.tempo], abs=1)
    keys = [music21.key.KeySignature(k.sharps).sharps for k in flat.getElementsByClass(music21.key.KeySignature)]
    assert len(keys) == 1 + sum(a.key != b.key for a, b in zip(score.sections, score.sections[1:], strict=False))
    assert flat.getElementsByClass(music21.meter.TimeSignature)[0].ratioString == (
        f"{score.metre.beats}/{score.metre.unit}"
    )


def test_notes_of_the_key_need_no_accidental_and_voices_lie_on_their_staff(song):
    score, sheet = song
    names = {p.name for p in music21.key.KeySignature(sheet.parts[0].flatten().keySignature.sharps).getScale().pitches}
    for note in sheet.parts[0].flatten().notes:
        if not isinstance(note, music21.harmony.ChordSymbol) and note.pitch.pitchClass in score.key.scale:
            assert abs(note.pitch.alter) <= 1
    assert len(names) == 7
    for part in sheet.parts:
        clef = part.flatten().getElementsByClass(music21.clef.Clef)[0]
        middle = clef.lowestLine + 4
        notes = [n for n in part.flatten().notes if not isinstance(n, music21.harmony.ChordSymbol)]
        assert abs(sum(n.pitch.diatonicNoteNum for n in notes) / len(notes) - middle) <= 6


@pytest.mark.parametrize("quality", sorted(QUALITIES))
def test_every_chord_symbol_is_understood(score, quality):
    sheet = read(msgspec.structs.replace(score, chords=(ChordSpan(0.0, 16.0, Chord(9, quality)),)))
    symbol = sheet.parts[0].flatten().getElementsByClass(music21.harmony.ChordSymbol)[0]
    found = {p.pitchClass for p in symbol.pitches}
    expected = set(Chord(9, quality).pitch_classes)
    if quality == "7sus4":  # an added seventh is minor by the standard; this reader takes it for major
        expected = expected - {7} | {8}
    assert found == expected or (quality == "13" and expected < found)  # readers fill a thirteenth up with its eleventh


def test_a_pickup_has_its_own_short_bar(score):
    sheet = read(score)
    assert shift(sheet) == 0.5
    assert tones(sheet, 0) == sung(score.vocals[0])


def test_a_melisma_is_written_once_and_extended(score):
    root = ET.fromstring(musicxml.encode(score))
    lyrics = [
        (lyric.findtext("syllabic"), lyric.findtext("text"), [e.get("type") for e in lyric.findall("extend")])
        for lyric in root.iter("lyric")
    ]
    assert lyrics == [
        ("single", "the", []),
        ("begin", "wa", []),
        ("end", "ter", ["start"]),
        (None, None, ["stop"]),
        ("single", "falls", []),
    ]


def test_triplets_dots_and_syncopations_are_exact(score):
    third = 1 / 3
    notes = [(0, third), (third, third), (2 * third, third), (1, 0.75), (1.75, 0.5), (2.25, 0.25), (2.5, 1.5)]
    notes += [(4 + third, 1 + third), (6, 0.125), (6.125, 2.375)]
    part = Part("tune", Role.WOODWINDS, "flute", tuple(Note(s, d, 72, 80) for s, d in notes))
    sheet = read(msgspec.structs.replace(score, vocals=(), parts=(part,)))
    close = [(pytest.approx(float(s)), pytest.approx(float(d)), 72) for s, d in notes]
    assert [(float(s), float(d), p) for s, d, p in tones(sheet, 0)] == close


@pytest.mark.parametrize(
    "metre", [Metre(4, 4), Metre(3, 4), Metre(6, 8), Metre(12, 8), Metre(5, 4), Metre(7, 8), Metre(2, 2)]
)
def test_any_note_on_the_sixteenths_is_written_exactly_in_any_metre(score, metre):
    bar = metre.bar_length
    spans, at = [], 0.0
    for k in range(1, 13):
        for gap in (0.0, 0.25, 0.75):
            spans.append((at + gap, k / 4))
            at += gap + k / 4
    count = int(at // bar) + 1
    part = Part("tune", Role.STRINGS, "violin", tuple(Note(s, d, 70, 80) for s, d in spans))
    section = Section(SectionKind.VERSE, "Verse", 0.0, count, 0.5, Key(5, "major"))
    sheet = read(
        msgspec.structs.replace(
            score, vocals=(), parts=(part,), chords=(), metre=metre, length=count * bar, sections=(section,),
            tempo=(TempoChange(0.0, 100.0),),
        )
    )  # fmt: skip
    assert tones(sheet, 0) == [(Fraction(s), Fraction(d), 70) for s, d in spans]


@pytest.mark.parametrize(
    ("key", "chord", "pitch", "following", "name"),
    [
        (Key(0, "major"), Chord(4, "7"), 68, None, "G#"),
        (Key(0, "major"), Chord(5, "m"), 68, None, "Ab"),
        (Key(9, "minor"), None, 68, None, "G#"),
        (Key(0, "major"), None, 66, 67, "F#"),
        (Key(0, "major"), None, 66, 65, "Gb"),
        (Key(6, "major"), None, 65, None, "E#"),
        (Key(1, "major"), None, 66, None, "Gb"),
        (Key(3, "minor"), Chord(10, ""), 62, None, "D"),
    ],
)
def test_pitches_are_named_by_key_chord_and_motion(key, chord, pitch, following, name):
    step, alter, octave = musicxml.notation.spell(pitch, key, chord, following)
    assert step + ("#" * alter if alter > 0 else "b" * -alter) == name
    assert music21.pitch.Pitch(f"{step}{octave}").midi + alter == pitch


def test_an_instrumental_shows_its_theme():
    _, plan, score = write(Brief(seed=3, tags="jazz", instrumental=True))
    part = leadsheet.leading_part(score)
    assert part is not None
    assert part.instrument == plan.instruments["lead"]
    found = tones(read(score), 0)
    assert [(float(s), p) for s, _, p in found] == [(n.start, n.pitch) for n in part.notes]
    assert [float(d) for _, d, _ in found] == pytest.approx([n.duration for n in part.notes], abs=0.03)


def test_spoken_words_have_crossed_heads(score):
    lead = score.vocals[0]
    rap = msgspec.structs.replace(lead, phrases=tuple(msgspec.structs.replace(p, delivery="rap") for p in lead.phrases))
    root = ET.fromstring(musicxml.encode(msgspec.structs.replace(score, vocals=(rap,))))
    assert {head.text for head in root.iter("notehead")} == {"x"}


def test_equal_scores_give_equal_bytes(score):
    assert musicxml.encode(score) == musicxml.encode(score)
