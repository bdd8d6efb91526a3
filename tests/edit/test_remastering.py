import msgspec
import pytest

from descant.edit.remastering import remaster
from descant.edit.revision import CannotEdit, Perform
from descant.mix import profile, variation
from descant.song.orders import Remaster

NAMES = ("pop", "rock", "waltz", "seven", "duet", "rap", "instrumental")


def notes(score):
    played = {part.name: [(n.start, n.duration, n.pitch) for n in part.notes] for part in score.parts}
    sung = {
        part.name: [(n.start, n.duration, n.pitch, n.word, n.syllable) for p in part.phrases for n in p.notes]
        for part in score.vocals
    }
    return played, sung


def touches(score):
    return [(n.velocity, n.shift) for part in score.parts for n in part.notes]


@pytest.mark.parametrize("name", NAMES)
def test_subtle_changes_the_mix_alone(name, song, voices):
    source = song(name)
    revision = remaster(Remaster(41, "subtle"), [source], voices)
    assert revision.score == source.score
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert take.seed == source.plan.seed
    assert take.mix != source.plan.mix
    own, varied = profile.load(source.plan.mix), profile.load(take.mix)
    assert varied != own
    assert (varied.bus.loudness, varied.bus.ceiling) == (own.bus.loudness, own.bus.ceiling)


@pytest.mark.parametrize("own", ["pop", "pop:warm"])
def test_the_takes_of_a_request_are_never_mixed_alike(own, song, voices):
    source = song("pop")
    source = msgspec.structs.replace(source, plan=msgspec.structs.replace(source.plan, mix=own))
    first = set()
    for seed in range(100):
        mixes = [
            remaster(Remaster(7 * seed + take, "subtle", request_seed=seed, take=take), [source], voices).plan.mix
            for take in (0, 1)
        ]
        assert len({own, *mixes}) == 3
        first.add(mixes[0])
    assert len(first) == len(variation.names()) - (own != "pop")


@pytest.mark.parametrize("name", NAMES)
def test_normal_plays_the_same_notes_anew(name, song, voices):
    source = song(name)
    score = remaster(Remaster(41, "normal"), [source], voices).score
    assert notes(score) == notes(source.score)
    assert touches(score) != touches(source.score)
    moved = [abs(b[1] - a[1]) for a, b in zip(touches(source.score), touches(score), strict=True)]
    assert max(moved) < 0.1
    louder = [b[0] - a[0] for a, b in zip(touches(source.score), touches(score), strict=True)]
    assert abs(sum(louder)) / len(louder) < 1.5


@pytest.mark.parametrize("name", NAMES)
def test_high_arranges_the_same_song_anew(name, song, voices, lead, check_whole):
    source = song(name)
    revision = remaster(Remaster(41, "high"), [source], voices)
    check_whole(revision)
    score = revision.score
    assert [(n.start, n.duration, n.pitch, n.word) for n in lead(score)] == [
        (n.start, n.duration, n.pitch, n.word) for n in lead(source.score)
    ]
    assert score.chords == source.score.chords
    assert [(s.kind, s.start, s.bars) for s in score.sections] == [
        (s.kind, s.start, s.bars) for s in source.score.sections
    ]
    assert score.tempo == source.score.tempo
    assert notes(score)[0] != notes(source.score)[0]
    assert {p.instrument for p in score.parts} <= {*source.plan.instruments.values(), "noise_riser", "crash"} | {
        p.instrument for p in source.score.parts
    }


@pytest.mark.parametrize("variation", ["subtle", "normal", "high"])
def test_a_seed_gives_one_remaster_and_another_seed_another(variation, song, voices):
    first, again, other = (remaster(Remaster(s, variation), [song("pop")], voices) for s in (41, 41, 43))
    assert msgspec.json.encode(first) == msgspec.json.encode(again)
    assert (first.score, first.plan) != (other.score, other.plan)


def test_remasters_can_be_remastered(song, voices, finished):
    source = song("pop")
    once = finished(remaster(Remaster(41, "normal"), [source], voices))
    twice = remaster(Remaster(42, "subtle"), [once], voices)
    assert twice.score == once.score
    assert profile.load(twice.plan.mix)
    back = remaster(Remaster(source.plan.seed, "normal"), [once], voices).score
    assert max(abs(a[1] - b[1]) for a, b in zip(touches(back), touches(source.score), strict=True)) < 1e-4


def test_it_takes_one(song, voices):
    with pytest.raises(CannotEdit, match="a remaster starts from 1 song; 0 given"):
        remaster(Remaster(1), [], voices)
