"""Files of strangers: what is sound is taken, everything else is refused in words, and nothing else happens."""

import gc
import os
import resource
import sys
from pathlib import Path

import pytest
import soundfile

sys.path.insert(0, str(Path(__file__).parent))
import hostile

from descant.engines.protocol import CannotMake
from descant.engines.recordings import prepare

BROKEN = hostile.broken()
UNUSUAL = hostile.unusual()
MUTATIONS = 400
LIMIT = 60.0


def taken(data: bytes, folder: Path) -> float:
    """Send a file in; return the seconds it became."""
    (folder / "raw").write_bytes(data)
    return prepare(folder / "raw", folder / "clean", LIMIT)


def test_there_are_more_than_a_hundred_of_them() -> None:
    assert len(BROKEN) > 100


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_sound_is_refused_in_words(name: str, tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match=r"^The recording .*\.$") as refusal:
        taken(BROKEN[name], tmp_path)
    assert not any(word in str(refusal.value) for word in ("Errno", "Traceback", "0x", "/etc/passwd"))


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_sound_after_all_is_taken(name: str, tmp_path: Path) -> None:
    seconds = taken(UNUSUAL[name], tmp_path)
    with soundfile.SoundFile(tmp_path / "clean") as file:
        assert (file.samplerate, file.channels, file.subtype) == (48_000, 2, "FLOAT")
        assert len(file) == round(seconds * 48_000)
        assert abs(file.read()).max() > 0.05


def test_changed_files_are_taken_or_refused_and_nothing_leaks(tmp_path: Path) -> None:
    def held() -> tuple[int, int]:
        gc.collect()
        return len(os.listdir("/proc/self/fd")), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # noqa: PTH208

    outcomes = {"taken": 0, "refused": 0}
    before = (0, 0)
    for number, (name, data) in enumerate(hostile.mutated(MUTATIONS)):
        try:
            taken(data, tmp_path)
            outcomes["taken"] += 1
        except CannotMake:
            outcomes["refused"] += 1
        except Exception as error:
            raise AssertionError(f"{name}: {error!r}") from error
        if number == MUTATIONS // 4:
            before = held()
    after = held()
    assert min(outcomes.values()) > MUTATIONS // 20, outcomes
    assert after[0] <= before[0]
    assert after[1] - before[1] < 100_000, "kilobytes"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "raw"]


def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(BROKEN["eight hours of nothing"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CannotMake, match="at most 480 s"):
        prepare(tmp_path / "raw", tmp_path / "clean", 480.0)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
