import io

import msgspec
import numpy as np
import pytest
from PIL import Image

from descant.media import cover
from descant.media.artwork import lettering, palette
from descant.song.theory import Key


def picture(data):
    image = Image.open(io.BytesIO(data))
    assert image.format == "JPEG"
    return np.asarray(image.convert("RGB"), np.float32) / 255


@pytest.mark.parametrize("scheme", cover.SCHEMES)
def test_every_scheme_gives_a_square_jpeg_that_fits_into_an_mp3(scheme, plan, score):
    data = cover.paint(scheme, "The Water Falls", plan, score)
    shown = picture(data)
    assert shown.shape == (1400, 1400, 3)
    assert len(data) <= cover.LIMIT
    assert shown.std() > 0.04


@pytest.mark.parametrize("scheme", cover.SCHEMES)
def test_other_seeds_and_other_melodies_give_other_pictures(scheme, plan, score):
    first = picture(cover.paint(scheme, "", plan, score))
    other = picture(cover.paint(scheme, "", msgspec.structs.replace(plan, seed=12), score))
    assert np.abs(first - other).mean() > 0.02


def test_the_same_song_has_the_same_cover(plan, score):
    assert cover.draw("Water", plan, score) == cover.draw("Water", plan, score)


def test_seeds_spread_over_all_schemes(plan, score, monkeypatch):
    chosen = set()
    monkeypatch.setattr(cover, "paint", lambda scheme, *_: chosen.add(scheme) or b"")
    for seed in range(60):
        cover.draw("Water", msgspec.structs.replace(plan, seed=seed), score)
    assert chosen == set(cover.SCHEMES)


@pytest.mark.parametrize("title", ["Water", "A Very Long Title That Has To Go Over Several Lines Of Type", "Été", "水"])
def test_the_title_changes_only_the_lower_part(title, plan, score):
    bare, lettered = (picture(cover.paint("ridges", text, plan, score)) for text in ("I", title))
    rows = np.flatnonzero(np.abs(bare - lettered).max(axis=(1, 2)) > 0.25)
    assert rows.size
    assert rows.min() > 700


@pytest.mark.parametrize("seed", range(12))
def test_lettering_stands_out_from_its_ground(seed, plan, score):
    chance = np.random.default_rng(seed)
    colours = palette.palette(
        msgspec.structs.replace(plan, key=Key(seed, "minor" if seed % 2 else "major")), 0.5, chance
    )
    ground = np.empty((1400, 1400, 3), np.float32)
    ground[:] = chance.random(3)
    plain = ground.copy()
    lettering.letter(plain, ".", colours)
    lettering.letter(ground, "Water", colours)
    letters = np.abs(ground - plain).max(axis=2) > 0.2
    assert letters.sum() > 2000
    assert abs(palette.luminance(ground[letters]) - palette.luminance(plain[letters])) > 0.3


def test_a_song_without_notes_still_has_a_cover(plan, score):
    empty = msgspec.structs.replace(score, parts=(), vocals=(), sections=(), chords=())
    for scheme in cover.SCHEMES:
        assert picture(cover.paint(scheme, "Silence", plan, empty)).shape == (1400, 1400, 3)
