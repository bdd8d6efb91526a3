import sketches

from descant.compose import styles
from descant.compose.band import drums, layering, percussion
from descant.compose.band.chart import read_chart
from descant.compose.styles.notation import DRUM_KEYS
from descant.song.lyrics import SectionKind
from descant.song.score import Note

K = SectionKind
TOMS = [DRUM_KEYS[name] for name in ("tom_high", "tom_mid", "tom_low", "tom_floor")]
CRASH = DRUM_KEYS["crash"]


def played(style="pop", seed=1, **changes):
    plan = sketches.plan(style, seed, **changes)
    chart = read_chart(plan, sketches.sketch(plan))
    band = styles.load(style).band
    layers = layering.layer(chart, band, plan.instruments)
    return chart, layers, drums.write(chart, layers, band)


def test_full_sections_open_with_crash_and_kick():
    chart, layers, drumming = played("rock")
    struck = {(note.start, note.pitch) for note in drumming.notes}
    for frame in chart.frames[1:]:
        if frame.energy >= 0.6 and layers.plays("drums", frame.bars[0]):
            assert (frame.section.start, CRASH) in struck
            assert (frame.section.start, 36) in struck


def test_a_fill_leads_every_rise_unless_the_drums_drop_out():
    for seed in range(1, 6):
        chart, layers, drumming = played("pop", seed)
        for frame in chart.frames:
            last = frame.bars[-1]
            if frame.rise <= 0 or not layers.plays("drums", last):
                continue
            steady = frame.bars[-3] if len(frame.bars) > 2 else frame.bars[0]
            pattern, end = (
                {(n.pitch, n.start - bar.start) for n in drumming.notes if bar.start + 2 <= n.start < bar.stop}
                for bar in (steady, last)
            )
            assert pattern != end


def test_fills_grow_and_go_from_high_to_low():
    heard = 0
    for seed in range(1, 8):
        chart, _, drumming = played("rock", seed)
        for frame in chart.frames:
            bar = frame.bars[-1]
            toms = [n for n in drumming.notes if n.pitch in TOMS[:3] + TOMS[3:] and bar.start <= n.start < bar.stop]
            if len({n.pitch for n in toms}) >= 3:
                heard += 1
                firsts = [
                    min(n.start for n in toms if n.pitch == key) for key in TOMS if any(n.pitch == key for n in toms)
                ]
                assert firsts == sorted(firsts)
                assert toms[-1].velocity > toms[0].velocity
    assert heard


def test_verse_chorus_and_bridge_grooves_differ():
    chart, _, drumming = played("pop", 2)
    grooves = {}
    for kind in (K.VERSE, K.CHORUS, K.BRIDGE):
        frame = next(f for f in chart.frames if f.kind is kind)
        bar = frame.bars[5]
        grooves[kind] = frozenset(
            (n.pitch, n.start - bar.start) for n in drumming.notes if bar.start <= n.start < bar.stop
        )
    assert len(set(grooves.values())) == 3


def test_kicks_are_reported_for_every_bar_even_where_the_drums_rest():
    chart, _, drumming = played("ballad")
    assert len(drumming.kicks) == len(chart.bars)
    assert all(0 in kicks for kicks in drumming.kicks)


def test_hats_are_stronger_on_beats():
    _, _, drumming = played("pop", 4)
    hats = [n for n in drumming.notes if n.pitch == DRUM_KEYS["hat"]]
    on = [n.velocity for n in hats if n.start % 1 == 0]
    off = [n.velocity for n in hats if n.start % 0.5 == 0.25]
    assert off
    assert sum(on) / len(on) > sum(off) / len(off) + 15


def test_an_instrument_the_drummer_strikes_is_left_to_him():
    tambourine = DRUM_KEYS["tambourine"]
    chart, layers, _ = played("pop")
    band = styles.load("pop").band
    alone = percussion.write(chart, layers, band, ())
    struck = [note for note in alone if note.pitch == tambourine]
    first = chart.bars[int(struck[0].start // chart.metre.bar_length)]
    beside = percussion.write(chart, layers, band, [Note(first.start, 0.2, tambourine, 100)])
    assert beside == [n for n in alone if n.pitch != tambourine or not first.start <= n.start < first.stop]
    assert len(beside) < len(alone)
