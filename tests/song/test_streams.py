from descant.song.streams import SEED_LIMIT, derive_seed, stream


def test_a_stream_depends_on_its_seed_and_name_alone() -> None:
    first = stream(7, "chorus.line0.rhythm").random(5).tolist()
    stream(7, "verse.line0.rhythm").random(100)
    assert stream(7, "chorus.line0.rhythm").random(5).tolist() == first
    assert stream(8, "chorus.line0.rhythm").random(5).tolist() != first
    assert stream(7, "chorus.line1.rhythm").random(5).tolist() != first


def test_the_numbers_of_a_stream_never_change() -> None:
    # Songs made today must be the same tomorrow: a new numpy or a new key would be a new format of every seed.
    assert stream(1, "a").integers(0, 1000, 4).tolist() == [95, 498, 714, 432]


def test_derived_seeds_are_seeds() -> None:
    seeds = {derive_seed(3, f"take{i}") for i in range(1000)}
    assert len(seeds) == 1000
    assert all(0 <= seed < SEED_LIMIT for seed in seeds)
