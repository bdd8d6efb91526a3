import pytest

from descant.compose import styles
from descant.compose.styles.band import Groove, suited
from descant.compose.styles.notation import steps_of
from descant.song.lyrics import SectionKind


def test_every_style_file_loads_and_carries_its_own_name():
    assert {"pop", "ballad", "rock"} <= set(styles.names())
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
def test_each_style_has_contrasting_grooves_and_fills(name):
    band = styles.load(name).band
    verse = {g.lanes["kick"] for g in suited(band.grooves, SectionKind.VERSE, 0.5, "4/4")}
    chorus = {g.lanes["kick"] for g in suited(band.grooves, SectionKind.CHORUS, 0.9, "4/4")}
    assert verse
    assert chorus
    assert not verse & chorus
    assert len(band.fills) >= 4


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8"])
@pytest.mark.parametrize("name", styles.names())
def test_each_style_can_play_each_metre(name, metre):
    band = styles.load(name).band
    for patterns in (band.grooves, band.bass, band.keys, band.guitars):
        assert any(p.metre == metre for p in patterns)


def test_patterns_of_two_bars_alternate_and_short_ones_repeat():
    assert steps_of("a" * 16 + "b" * 16, 16, 1) == "b" * 16
    assert steps_of("x..o..x..o..", 24, 0) == "x..o..x..o.." * 2
    assert steps_of("abcd" * 4, 8, 3) == "abcdabcd"


def test_the_nearest_groove_stands_in_when_none_covers_the_energy():
    low = Groove(lanes={"kick": "x" * 16}, energy=(0.0, 0.2))
    high = Groove(lanes={"kick": "x" * 16}, energy=(0.8, 1.0))
    assert suited([low, high], SectionKind.VERSE, 0.7, "4/4") == [high]
