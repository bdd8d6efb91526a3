import math
from itertools import pairwise

import msgspec
import pytest

from descant.compose import metrics, styles
from descant.compose.metrics import sections as form_metrics
from descant.compose.planning import make_plan
from descant.compose.songwriting import write_sketch
from descant.compose.writing import write_score
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.score import Role
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.song.wish import Wish

STYLES = ("pop", "ballad", "rock")


def plan_of(lyrics, voices, style="pop", seed=1, *, wish=None, **brief):
    return make_plan(Brief(seed=seed, **brief), lyrics, wish or Wish(genres=((style, 1.0),)), voices)


def sketch_of(plan):
    return write_sketch(plan, styles.load(plan.genres[0][0]).writing)


def lead(score):
    return next(part for part in score.vocals if part.role is Role.LEAD_VOCAL)


@pytest.fixture(params=[(style, seed) for style in STYLES for seed in (1, 2, 3)], ids=lambda p: f"{p[0]}-{p[1]}")
def song(request, song_lyrics, voices):
    plan = plan_of(song_lyrics, voices, *request.param)
    return plan, write_score(plan)


def test_every_syllable_is_sung_once_and_in_order(song):
    plan, score = song
    lines = [line for s in plan.sections if s.lyrics for line in s.lyrics.lines]
    assert [p.words for p in lead(score).phrases] == [line.words for line in lines]
    for phrase in lead(score).phrases:
        places = [(n.word, n.syllable) for n in phrase.notes]
        distinct = [place for i, place in enumerate(places) if i == 0 or place != places[i - 1]]
        assert distinct == [(w, s) for w, word in enumerate(phrase.words) for s in range(len(word.syllables))]


def test_no_voice_overlaps_itself_and_every_line_is_followed_by_air(song):
    _, score = song
    for part in score.vocals:
        notes = [n for p in part.phrases for n in p.notes]
        assert all(b.start >= a.start + a.duration - 1e-9 for a, b in pairwise(notes))
        for before, after in pairwise(part.phrases):
            last = before.notes[-1]
            rest = score.seconds(after.notes[0].start) - score.seconds(last.start + last.duration)
            assert rest >= 0.25 - 1e-6


def test_voices_stay_in_their_ranges(song):
    plan, score = song
    for part in score.vocals:
        low, high = plan.vocal_range if part.role is Role.LEAD_VOCAL else plan.backing_range
        assert all(low <= n.pitch <= high for p in part.phrases for n in p.notes)


def test_chords_cover_the_song_without_gaps(song):
    _, score = song
    assert score.chords[0].start == 0
    assert all(math.isclose(a.start + a.duration, b.start) for a, b in pairwise(score.chords))
    assert math.isclose(score.chords[-1].start + score.chords[-1].duration, score.length)


def test_songs_keep_the_measures_of_charted_songs(song):
    _, score = song
    melodic = {
        name: span for name, span in metrics.GATES.items() if name not in ("accompaniment above", "low intervals")
    }
    assert metrics.failures(metrics.evaluate(score), melodic) == {}


def test_a_chorus_with_the_same_words_has_the_same_notes(song_lyrics, voices):
    plan = plan_of(song_lyrics, voices, seed=4)
    sketch = sketch_of(plan)
    starts = {i: s.start for i, s in enumerate(sketch.sections)}
    first, second = [i for i, s in enumerate(sketch.sections) if s.kind is SectionKind.CHORUS][:2]
    tunes = [
        [(round(n.start - starts[i], 6), n.pitch) for p in lead(sketch).phrases if p.section == i for n in p.notes]
        for i in (first, second)
    ]
    assert tunes[0] == tunes[1]


def test_the_echo_follows_its_line_in_a_backing_voice(song_lyrics, voices):
    sketch = sketch_of(plan_of(song_lyrics, voices, seed=2))
    echo = next(p for part in sketch.vocals if part.name == "backing vocal" for p in part.phrases)
    line = next(p for p in lead(sketch).phrases if p.section == echo.section)
    assert [w.spoken for w in echo.words] == ["hold", "on"]
    assert echo.notes[0].start > line.notes[-1].start


def test_a_line_in_parentheses_is_left_to_the_backing_voice(make_section, voices):
    chorus = make_section(SectionKind.CHORUS, "ROW the BOAT a.WAY")
    reply = make_section(SectionKind.CHORUS, "CAR.ry ME", backing=True)
    both = msgspec.structs.replace(chorus, lines=(*chorus.lines, *reply.lines))
    sketch = sketch_of(plan_of(Lyrics((both,), title="Row"), voices))
    assert [p.text for p in lead(sketch).phrases] == ["row the boat away"]
    assert [p.text for part in sketch.vocals if part.name == "backing vocal" for p in part.phrases] == ["carry me"]


def test_the_harmony_voice_moves_with_the_lead_in_thirds_and_sixths(song_lyrics, voices):
    sketch = sketch_of(plan_of(song_lyrics, voices, seed=3))
    harmony = next(part for part in sketch.vocals if part.name == "harmony vocal")
    leads = {n.start: n.pitch for n in sketch.lead_notes}
    gaps = [abs(n.pitch - leads[n.start]) for p in harmony.phrases for n in p.notes]
    assert sum(gap in (3, 4, 8, 9) for gap in gaps) > 0.6 * len(gaps)


def test_equal_plans_give_equal_scores(song_lyrics, voices):
    plan = plan_of(song_lyrics, voices, "rock", 7)
    assert msgspec.json.encode(write_score(plan)) == msgspec.json.encode(write_score(plan))


def test_two_seeds_are_two_songs(song_lyrics, voices):
    first, second = (write_score(plan_of(song_lyrics, voices, seed=seed)) for seed in (11, 12))
    assert form_metrics.difference(first, second) >= 0.6


def test_changing_a_word_of_the_bridge_leaves_the_verse_alone(song_lyrics, voices, make_section):
    bridge = make_section(
        SectionKind.BRIDGE,
        "if the DAY is LONG",
        "we will MAKE it OURS",
        "COUNT.ing EV.ery SONG",
        "UN.der.NEATH the STARS",
    )
    changed = msgspec.structs.replace(
        song_lyrics, sections=tuple(bridge if s.kind is SectionKind.BRIDGE else s for s in song_lyrics.sections)
    )
    first, second = (sketch_of(plan_of(lyrics, voices, seed=5)) for lyrics in (song_lyrics, changed))
    verses = [[p.notes for p in lead(s).phrases if p.section == 1] for s in (first, second)]
    assert verses[0] == verses[1]


def test_the_song_ends_on_the_tonic_chord(song_lyrics, voices):
    for seed in range(6):
        sketch = sketch_of(plan_of(song_lyrics, voices, seed=seed))
        if sketch.ending != "fade":
            assert sketch.chords[-1].chord.root == sketch.sections[-1].key.tonic


def test_an_instrumental_song_has_themes_and_a_hook_but_no_voice():
    sketch = sketch_of(plan_of(Lyrics(()), (), instrumental=True))
    assert sketch.vocals == ()
    assert sketch.hook
    choruses = [notes for s, notes in zip(sketch.sections, sketch.themes, strict=True) if s.kind is SectionKind.CHORUS]
    assert all(choruses)
    for section, notes in zip(sketch.sections, sketch.themes, strict=True):
        stop = section.start + section.bars * sketch.metre.bar_length
        assert all(section.start - 1.0 <= n.start < stop for n in notes)


def test_the_voice_and_a_theme_never_share_a_section(song_lyrics, voices):
    sketch = sketch_of(plan_of(song_lyrics, voices, seed=2))
    sung = {p.section for p in lead(sketch).phrases}
    assert all(not notes for i, notes in enumerate(sketch.themes) if i in sung)


@pytest.mark.parametrize("metre", [Metre(3, 4), Metre(6, 8), Metre(5, 4)])
def test_other_metres_are_sung_whole(song_lyrics, voices, metre):
    score = write_score(plan_of(song_lyrics, voices, wish=Wish(genres=(("ballad", 1.0),), metre=metre)))
    values = metrics.evaluate(score)
    assert values["missing syllables"] == values["overlaps"] == 0
    assert values["shortest rest"] >= 0.2


def test_rap_is_spoken_in_rhythm_below_the_singing_voice(make_section, voices):
    verse = make_section(
        SectionKind.VERSE,
        "i been RUN.ning through the CIT.y with a POCK.et full of PA.per",
        "EV.ery WIN.dow got a STOR.y and the EL.e.VA.tor TALL.er",
        delivery="rap",
    )
    plan = plan_of(Lyrics((verse,), title="Paper"), voices, seed=3)
    notes = [n for p in lead(sketch_of(plan)).phrases for n in p.notes]
    assert sum(n.pitch for n in notes) / len(notes) < plan.vocal_centre - 3
    assert all(n.vibrato == 0 for n in notes)


def test_a_key_and_tempo_asked_for_stand_in_the_score(song_lyrics, voices):
    score = write_score(plan_of(song_lyrics, voices, wish=Wish(bpm=97.0, key=Key(4, "minor"))))
    assert score.tempo[0].bpm == 97.0
    assert score.key == Key(4, "minor")


def test_a_pickup_before_the_first_bar_has_room_in_the_lead_in(make_section, voices):
    for seed in range(8):
        verse = make_section(SectionKind.VERSE, "and i can FEEL it COM.ing NEAR", "the QUI.et BEAT.ing in my EAR")
        score = write_score(plan_of(Lyrics((verse,), title="Near"), voices, seed=seed, max_seconds=20))
        assert score.seconds(lead(score).phrases[0].notes[0].start) >= 0.3


def test_parsed_lyrics_become_a_song(voices):
    from descant.words.lyrics import parse

    lyrics = parse(
        "[Verse]\nMidnight windows, silver rain\nI keep on whispering your name\n[Chorus]\nHold on (hold on)\n"
    )
    score = write_score(plan_of(lyrics, voices))
    assert next(p.text for p in lead(score).phrases).startswith("Midnight windows")
    assert metrics.evaluate(score)["missing syllables"] == 0


def test_where_everyone_stops_the_singer_stops_too(song_lyrics, voices):
    stopping = [sketch_of(plan_of(song_lyrics, voices, seed=seed)) for seed in range(12)]
    stopping = [s for s in stopping if s.ending == "stop" and s.sections[-1].kind is SectionKind.CHORUS]
    assert stopping
    for sketch in stopping:
        *_, last = sketch.lead_notes
        assert last.start + last.duration <= sketch.length - sketch.metre.bar_length + 1.0 + 1e-9
