import itertools
import tomllib
from pathlib import Path

import pytest

import descant.words
from descant.compose import styles
from descant.compose.band.instruments import _table as known_instruments
from descant.compose.harmony import parse_progression
from descant.compose.planning import make_plan
from descant.compose.styles.band import Groove, suited
from descant.compose.styles.notation import clean, steps_of
from descant.compose.writing import write_score
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.score import Role
from descant.song.voices import VoiceProfile
from descant.song.wish import Wish
from descant.words.lyrics import parse

VOCABULARY = Path(descant.words.__file__).parent / "vocabulary" / "genres.toml"
VOICE = VoiceProfile(name="clara", gender="f", low=57, high=76, centre=66)
WORDS = parse(
    """[Verse]
The morning light is falling on the floor
I hear your footsteps leaving through the door

[Chorus]
Hold on to the glow
Carry it wherever you go
"""
)


def written(name, *, sung, seed=3):
    brief = Brief(seed=seed, instrumental=not sung)
    wish = Wish(genres=((name, 1.0),), instrumental=not sung)
    plan = make_plan(brief, WORDS if sung else Lyrics(sections=()), wish, (VOICE,))
    assert plan.genres == ((name, 1.0),)
    return plan, write_score(plan)


def test_every_style_file_loads_and_carries_its_own_name():
    assert {"pop", "ballad", "rock", "house", "jazz", "reggae", "waltz"} <= set(styles.names())
    assert all(styles.load(name).name == name for name in styles.names())


def test_an_unknown_style_is_refused_with_the_known_ones_named():
    with pytest.raises(styles.StyleError, match="ballad"):
        styles.load("polka from mars")


def test_a_wrong_pattern_letter_is_reported_with_file_and_line(tmp_path):
    text = (styles.FOLDER / "pop.toml").read_text()
    broken = text.replace('lanes.kick = "X.....x.x.x..?.."', 'lanes.kick = "X.....z.x.x..?.."')
    path = tmp_path / "pop.toml"
    path.write_text(broken)
    with pytest.raises(styles.StyleError, match=r"pop\.toml, line \d+: .*'z'") as caught:
        styles.read(path)
    line = int(str(caught.value).split("line ")[1].split(":")[0])
    wrong = next(i for i, row in enumerate(broken.splitlines(), start=1) if "z.x.x" in row)
    assert 0 <= wrong - line <= 8, "the line names the table the pattern stands in"


def test_a_misspelt_key_is_reported(tmp_path):
    path = tmp_path / "rock.toml"
    path.write_text((styles.FOLDER / "rock.toml").read_text().replace("dropout =", "drop_out ="))
    with pytest.raises(styles.StyleError, match="drop_out"):
        styles.read(path)


@pytest.mark.parametrize("name", styles.names())
def test_each_style_has_contrasting_grooves_fills_and_basses(name):
    band = styles.load(name).band
    metre = styles.load(name).writing.metres[0][0]
    verse = {str(g.lanes) for g in suited(band.grooves, SectionKind.VERSE, 0.4, metre)}
    chorus = {str(g.lanes) for g in suited(band.grooves, SectionKind.CHORUS, 0.98, metre)}
    assert verse
    assert chorus
    assert not verse & chorus
    assert len(band.fills) >= 2
    assert len({p.steps for p in band.bass if p.metre == metre}) >= 2


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8"])
@pytest.mark.parametrize("name", styles.names())
def test_each_style_can_play_each_metre_on_any_instrument(name, metre):
    band = styles.load(name).band
    assert any(p.metre == metre for p in band.grooves)
    assert any(p.metre == metre for p in band.bass)
    for manner in ("main", "second", "horns"):
        assert any(p.metre == metre and p.manner == manner for p in band.keys)
    for manner in ("strum", "pick", "muted", "driven"):
        assert any(p.metre == metre and p.manner == manner for p in band.guitars)


@pytest.mark.parametrize("name", styles.names())
def test_each_progression_is_made_of_numerals(name):
    progressions = styles.load(name).writing.progressions
    assert {"major", "minor"} <= set(progressions)
    for table in progressions.values():
        assert {"verse", "chorus"} <= set(table)
        for text, _ in itertools.chain.from_iterable(table.values()):
            assert parse_progression(text, 0)


@pytest.mark.parametrize("name", styles.names())
def test_each_style_seats_only_layers_that_exist_on_instruments_that_are_known(name):
    style = styles.load(name)
    assert set(style.writing.instruments) <= set(style.band.layers)
    presets = {preset for table in style.writing.instruments.values() for preset, _ in table if preset}
    assert presets <= set(known_instruments())


def test_no_two_styles_are_alike():
    def portrait(name):
        style = styles.load(name)
        return (
            style.writing.bpm,
            [groove.lanes for groove in style.band.grooves],
            [(p.steps, p.riff) for p in style.band.bass],
            style.writing.instruments,
            style.writing.progressions,
        )

    portraits = {name: portrait(name) for name in styles.names()}
    for one, other in itertools.combinations(portraits, 2):
        pairs = zip(portraits[one], portraits[other], strict=True)
        assert all(a != b for a, b in list(pairs)[1:]), f"{one} and {other} share a table"


@pytest.mark.parametrize("name", styles.names())
def test_each_style_sings_and_plays(name):
    plan, score = written(name, sung=True)
    assert sum(len(phrase.words) for part in score.vocals for phrase in part.phrases) >= 25
    assert len({part.role for part in score.parts}) >= 2
    assert plan.metre == score.metre
    _, piece = written(name, sung=False)
    assert not piece.vocals
    assert piece.length > 60 * piece.metre.bar_length / 4 / 2
    for part in (*score.parts, *piece.parts):
        assert part.notes


def test_a_build_grows_from_single_strokes_to_a_roll():
    _, score = written("house", sung=False)
    build = next(s for s in score.sections if s.kind is SectionKind.BUILD)
    drums = next(part for part in score.parts if part.role is Role.DRUMS)
    bar = score.metre.bar_length
    hits = [
        [
            n
            for n in drums.notes
            if n.pitch in (38, 39) and build.start + i * bar <= n.start < build.start + (i + 1) * bar
        ]
        for i in range(build.bars - 1)
    ]
    assert len(hits[-1]) > 2 * len(hits[0])
    assert max(n.velocity for n in hits[-1]) > max(n.velocity for n in hits[0])


def test_patterns_of_two_bars_alternate_and_short_ones_repeat():
    assert steps_of("a" * 16 + "b" * 16, 16, 1) == "b" * 16
    assert steps_of("x..o..x..o..", 24, 0) == "x..o..x..o.." * 2
    assert steps_of("abcd" * 4, 8, 3) == "abcdabcd"


def test_the_nearest_groove_stands_in_when_none_covers_the_energy():
    low = Groove(lanes={"kick": "x" * 16}, energy=(0.0, 0.2))
    high = Groove(lanes={"kick": "x" * 16}, energy=(0.8, 1.0))
    assert suited([low, high], SectionKind.VERSE, 0.7, "4/4") == [high]


def test_every_genre_of_the_vocabulary_has_a_style_of_its_own():
    tables = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    genres = [name for name, table in tables.items() if "also" in table]
    assert len(genres) >= 65
    assert {styles.by_word().get(genre) for genre in genres} == {genre.replace("-", "_") for genre in genres}


def test_a_genre_without_a_style_is_written_as_its_nearest_and_says_so():
    plan = make_plan(
        Brief(seed=1, instrumental=True),
        Lyrics(sections=()),
        Wish(genres=(("cowboy punk", 1.0),), instrumental=True),
        (),
    )
    assert plan.genres[0][0] == "punk"
    assert any("cowboy punk" in note and "written as punk" in note for note in plan.notes)


@pytest.mark.parametrize("name", styles.names())
def test_each_pattern_fills_whole_bars_of_its_metre(name):
    band = styles.load(name).band
    for pattern in (*band.grooves, *band.bass, *band.keys, *band.guitars, *band.percussion):
        lanes = pattern.lanes.values() if isinstance(pattern, Groove) else ()
        lines = (getattr(pattern, name, "") for name in ("steps", "chord", "left", "strum", "gap"))
        for text in (*lanes, *lines):
            steps = len(clean(text))
            assert bool(steps % 16) == (pattern.metre != "4/4" and steps > 0), f"{pattern.metre}: {text!r}"
