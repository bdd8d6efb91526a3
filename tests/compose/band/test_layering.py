import sketches

from descant.compose import styles
from descant.compose.band import layering
from descant.compose.band.chart import read_chart
from descant.song.lyrics import SectionKind


def layered(style="pop", seed=1, **changes):
    plan = sketches.plan(style, seed, **changes)
    chart = read_chart(plan, sketches.sketch(plan))
    return chart, layering.layer(chart, styles.load(style).band, plan.instruments)


def test_choruses_have_more_layers_than_the_verses_before_them():
    for style in ("pop", "ballad", "rock"):
        chart, layers = layered(style)
        verse = next(f for f in chart.frames if f.kind is SectionKind.VERSE)
        chorus = next(f for f in chart.frames if f.kind is SectionKind.CHORUS)
        assert len(layers.at(chorus.bars[-1])) > len(layers.at(verse.bars[0]))


def test_the_peak_brings_everybody():
    for style in ("pop", "ballad", "rock"):
        chart, layers = layered(style)
        peak = next(f for f in chart.frames if f.peak)
        heard = frozenset().union(*(layers.at(bar) for bar in peak.bars))
        assert heard == {name for name in sketches.INSTRUMENTS[style] if name != "lead"}


def test_long_verses_change_in_the_middle():
    for style in ("pop", "ballad", "rock"):
        chart, layers = layered(style)
        for frame in chart.frames:
            if frame.kind is SectionKind.VERSE:
                assert layers.at(frame.bars[0]) != layers.at(frame.bars[4])


def test_a_bridge_that_falls_back_opens_with_few_players():
    chart, layers = layered("pop")
    bridge = next(f for f in chart.frames if f.kind is SectionKind.BRIDGE)
    assert "drums" not in layers.at(bridge.bars[0])
    assert "drums" in layers.at(bridge.bars[4])


def test_layers_that_are_not_in_the_plan_never_play():
    chart, layers = layered("pop", instruments={"comp": "grand_piano", "bass": "electric_bass"})
    assert all(layers.at(bar) <= {"comp", "bass"} for bar in chart.bars)


def test_some_songs_stop_the_rhythm_section_before_the_last_chorus():
    dropped = 0
    for seed in range(20):
        chart, layers = layered("rock", seed)
        peak = next(f for f in chart.frames if f.peak)
        dropped += "drums" not in layers.at(chart.bars[peak.bars[0].number - 1])
    assert 3 <= dropped <= 17
