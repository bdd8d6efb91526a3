"""The piano roll: its pixels show what the score holds."""

import io

import msgspec
import numpy as np
import pytest
from PIL import Image

from descant.media import pianoroll
from descant.song.score import Note, Part, Role


def pixels(score):
    image = Image.open(io.BytesIO(pianoroll.draw(score)))
    assert image.format == "PNG"
    return np.asarray(image.convert("RGB")).astype(int)


def painted(picture, role):
    """Return rows and columns under the legend that have a stem's full colour."""
    ys, xs = np.nonzero(np.all(picture == pianoroll.COLOURS[role], axis=2))
    return ys[ys > 150], xs[ys > 150]


def without_words(score):
    lead = score.vocals[0]
    mute = tuple(
        msgspec.structs.replace(p, words=tuple(msgspec.structs.replace(w, text=" ") for w in p.words))
        for p in lead.phrases
    )
    return msgspec.structs.replace(score, vocals=(msgspec.structs.replace(lead, phrases=mute),))


def test_it_is_a_wide_png_a_row_for_eight_bars(score):
    one = pixels(score)
    assert one.shape[1] == pianoroll.WIDTH
    longer = msgspec.structs.replace(score, length=16 * 4.0)
    sections = (*score.sections[:1], msgspec.structs.replace(score.sections[1], bars=14))
    two = pixels(msgspec.structs.replace(longer, sections=sections))
    three = pixels(msgspec.structs.replace(longer, sections=sections, length=24 * 4.0))
    assert three.shape[0] - two.shape[0] == two.shape[0] - one.shape[0] > 300


def test_later_notes_lie_to_the_right_and_higher_ones_above(score):
    ys, xs = painted(pixels(without_words(score)), Role.LEAD_VOCAL)
    last = xs > xs.max() - 100
    assert ys[last].max() < ys[~last].max()
    start, stop = xs.min(), xs.max()
    # from beat 0, where the row starts, to the end of the last note at beat 10 of 32 in a row
    assert (stop - start) / (pianoroll.WIDTH - 144) == pytest.approx(10 / 32, abs=0.01)


def test_drums_have_a_lane_each(score):
    kit = Part("kit", Role.DRUMS, "room_kit", tuple(Note(k, 0.1, p, 127) for k, p in enumerate((36, 38, 42, 49))))
    ys, xs = painted(pixels(msgspec.structs.replace(score, parts=(kit,))), Role.DRUMS)
    heights = [ys[xs == x].mean() for x in sorted(set(xs)) if x - 1 not in xs]
    assert len(heights) == 4
    assert heights == sorted(heights, reverse=True)


def test_words_are_written_in_the_singers_colour(score):
    with_words = len(painted(pixels(score), Role.LEAD_VOCAL)[0])
    assert with_words > len(painted(pixels(without_words(score)), Role.LEAD_VOCAL)[0])


def test_a_score_without_pitched_notes_can_be_drawn(score):
    assert pixels(msgspec.structs.replace(score, parts=score.parts[1:], vocals=())).shape[1] == pianoroll.WIDTH


def test_equal_scores_give_equal_bytes(score):
    assert pianoroll.draw(score) == pianoroll.draw(score)
