"""Who sings what: duets, names, and what the last chorus brings."""

import msgspec
import pytest

from descant.compose import metrics, pins, styles
from descant.compose.planning import make_plan
from descant.compose.songwriting import write_sketch
from descant.compose.writing import write_score
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.score import Role
from descant.song.theory import Key, parse_chord
from descant.song.wish import Wish


def plan_of(lyrics, voices, seed=1, **wish):
    return make_plan(Brief(seed=seed), lyrics, Wish(**wish), voices)


def sketch_of(plan):
    return write_sketch(plan, styles.load(plan.genres[0][0]).writing)


def with_voice(section, *names):
    lines = tuple(msgspec.structs.replace(line, voice=name) for line, name in zip(section.lines, names, strict=True))
    return msgspec.structs.replace(section, lines=lines)


@pytest.fixture
def dialogue(make_section):
    verse = make_section(
        SectionKind.VERSE, "WALK.ing BY the RIV.er in the RAIN", "WAIT.ing ON the PLAT.form FOR your TRAIN"
    )
    chorus = make_section(SectionKind.CHORUS, "COME BACK HOME", "NOT a.LONE")
    return Lyrics((with_voice(verse, "female", "male"), with_voice(chorus, "both", "both")), title="Home")


def test_each_singer_of_a_dialogue_sings_her_or_his_lines_in_range(dialogue, voices):
    plan = plan_of(dialogue, voices)
    ranges = {voice.name: (voice.gender, voice.low, voice.high) for voice in voices}
    sketch = sketch_of(plan)
    sung = {}
    for part in sketch.vocals:
        gender, low, high = ranges[part.voice]
        assert all(low <= note.pitch <= high for phrase in part.phrases for note in phrase.notes)
        if part.role is Role.LEAD_VOCAL:
            for phrase in part.phrases:
                sung.setdefault(phrase.text, set()).add(gender)
    assert sung["walking by the river in the rain"] == {"f"}
    assert sung["waiting on the platform for your train"] == {"m"}


def test_what_both_sing_is_one_melody_in_two_voices(dialogue, voices):
    sketch = sketch_of(plan_of(dialogue, voices))
    lead = {
        n.start: n.pitch for part in sketch.vocals if part.name == "lead vocal" for p in part.phrases for n in p.notes
    }
    joining = next(part for part in sketch.vocals if part.name == "joining vocal")
    notes = [n for phrase in joining.phrases for n in phrase.notes]
    assert notes
    assert all((n.pitch - lead[n.start]) % 12 == 0 for n in notes)


def test_a_duet_without_directions_is_shared_out(song_lyrics, voices):
    plan = plan_of(song_lyrics, voices, voice=("duet",))
    sketch = sketch_of(plan)
    leads = [part for part in sketch.vocals if part.role is Role.LEAD_VOCAL]
    assert len(leads) == 2
    values = metrics.evaluate(write_score(plan))
    assert values["missing syllables"] == values["overlaps"] == 0


def test_a_second_singer_who_cannot_be_had_is_said(dialogue, voices):
    plan = plan_of(dialogue, [voice for voice in voices if voice.name == "clara"])
    assert any("no second voice" in note for note in plan.notes)
    assert metrics.evaluate(write_score(plan))["missing syllables"] == 0


def test_chords_in_the_lyrics_are_the_harmony_wherever_the_section_returns(song_lyrics, voices):
    first = next(i for i, s in enumerate(song_lyrics.sections) if s.kind is SectionKind.CHORUS)
    pinned = msgspec.structs.replace(song_lyrics.sections[first], directives=("chords Dm Bb F C",))
    sections = (*song_lyrics.sections[:first], pinned, *song_lyrics.sections[first + 1 :])
    plan = plan_of(msgspec.structs.replace(song_lyrics, sections=sections), voices, seed=3)
    sketch = sketch_of(plan)
    for section, planned in zip(sketch.sections, plan.sections, strict=True):
        if section.kind is not SectionKind.CHORUS:
            continue
        stop = section.start + 16.0
        roots = [span.chord.root for span in sketch.chords if section.start <= span.start < stop]
        assert roots == [(parse_chord(c).root + planned.lift) % 12 for c in ("Dm", "Bb", "F", "C")]


def test_pinned_chords_set_the_key_and_unknown_ones_are_said(make_section, voices):
    verse = make_section(SectionKind.VERSE, "WALK.ing BY the RIV.er", "IN the RAIN")
    verse = msgspec.structs.replace(verse, directives=("chords Am F Xyz E Am",))
    plan = plan_of(Lyrics((verse,)), voices)
    assert plan.key == Key(9, "minor")
    assert any("Xyz" in note for note in plan.notes)


def test_many_pinned_chords_are_spread_over_the_section():
    chords = [parse_chord(symbol) for symbol in ("C", "G", "Am", "F", "C", "G")]
    assert [len(bar) for bar in pins.over_bars(chords, 3)] == [2, 2, 2]
    assert [bar[0] for bar in pins.over_bars(chords[:2], 4)] == [chords[0], chords[1]] * 2


def test_a_key_change_in_the_lyrics_lifts_everything_after_it(song_lyrics, voices):
    last = len(song_lyrics.sections) - 1
    changed = msgspec.structs.replace(song_lyrics.sections[last], directives=("key change",))
    plan = plan_of(msgspec.structs.replace(song_lyrics, sections=(*song_lyrics.sections[:last], changed)), voices)
    lifts = [section.lift for section in plan.sections]
    at = next(i for i, section in enumerate(plan.sections) if section.directives == ("key change",))
    assert all(lift == 0 for lift in lifts[:at])
    assert all(lift > 0 for lift in lifts[at:])


def test_a_whispered_section_is_whispered_and_a_cappella_is_sung_in_parts(song_lyrics, voices):
    verse = next(i for i, s in enumerate(song_lyrics.sections) if s.kind is SectionKind.VERSE)
    bridge = next(i for i, s in enumerate(song_lyrics.sections) if s.kind is SectionKind.BRIDGE)
    sections = list(song_lyrics.sections)
    sections[verse] = msgspec.structs.replace(sections[verse], directives=("whispered",))
    sections[bridge] = msgspec.structs.replace(sections[bridge], directives=("a cappella",))
    sketch = sketch_of(plan_of(msgspec.structs.replace(song_lyrics, sections=tuple(sections)), voices))
    kinds = [section.kind for section in sketch.sections]
    lead = next(part for part in sketch.vocals if part.role is Role.LEAD_VOCAL)
    assert {p.delivery for p in lead.phrases if p.section == kinds.index(SectionKind.VERSE)} == {"whispered"}
    harmony = next(part for part in sketch.vocals if part.name == "harmony vocal")
    assert kinds.index(SectionKind.BRIDGE) in {phrase.section for phrase in harmony.phrases}


def test_the_last_chorus_varies_without_losing_the_tune(make_section, song_lyrics, voices):
    raised = 0
    for seed in range(10):
        sketch = sketch_of(plan_of(song_lyrics, voices, seed))
        choruses = [i for i, s in enumerate(sketch.sections) if s.kind is SectionKind.CHORUS]
        tunes = []
        for i in (choruses[0], choruses[-1]):
            lead = next(part for part in sketch.vocals if part.role is Role.LEAD_VOCAL)
            phrases = [p for p in lead.phrases if p.section == i][1:]
            move = (sketch.sections[i].key.tonic - sketch.key.tonic) % 12
            tunes.append([p.notes[-1].pitch - move for p in phrases])
        raised += any(after - before in (3, 4, 5) for before, after in zip(*tunes, strict=True))
    assert raised >= 2
