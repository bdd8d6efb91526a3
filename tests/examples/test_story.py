"""The story of ``examples/story.py``, lived on a whole running service with its real engine."""

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

STORY = Path(__file__).parents[2] / "examples" / "story.py"
RATE = 48_000
QUANTUM = 2.0**-23
"""One step of a 24-bit sample."""


class House:
    """A running service and a key to it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self._environment = {**os.environ, "DESCANT_DATA": str(folder / "data"), "DESCANT_PORT": str(port)}
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(self._command("serve"), env=self._environment, stdout=log, stderr=log)
        while "Ctrl-C" not in (folder / "log").read_text():
            assert self.process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        made = subprocess.run(
            self._command("keys", "create", "--credits", "400"), env=self._environment, capture_output=True, text=True
        )
        self.key = made.stdout.split()[-1]

    @staticmethod
    def _command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "descant", *arguments]

    def ask(self, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{self.base}/api/v1{path}", data, headers)) as answer:
            return dict(json.load(answer))

    def sound(self, clip_id: str) -> np.ndarray:
        url = self.ask("/sonic/wav", {"clip_id": clip_id})["data"]["wav_url"]  # type: ignore[index]
        with urllib.request.urlopen(url) as answer:
            return soundfile.read(io.BytesIO(answer.read()), dtype="float64")[0]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    running = House(tmp_path_factory.mktemp("story"))
    yield running
    running.process.terminate()
    assert running.process.wait(30) == 0


@pytest.mark.slow
def test_the_story_can_be_lived(house: House, tmp_path: Path) -> None:
    command = [sys.executable, str(STORY), house.key, "--base", house.base, "--out", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert "That was 177 credits." in told.stdout
    found = re.findall(r"^(\d) .*, ([\d.]+) s,", told.stdout, re.MULTILINE)
    lengths = {int(number): float(seconds) for number, seconds in found}
    assert set(lengths) == {1, 2, 3, 4, 5, 6, 7}
    assert len(list(tmp_path.glob("*.mp3"))) == 7

    clips = [clip for clip in house.ask("/clips?page_size=100")["data"] if clip["stem"] is None]  # type: ignore[union-attr]
    by_id = {clip["clip_id"]: clip for clip in clips}
    mended = next(clip for clip in clips if "Lanterns" in clip["lyrics"] and clip["tags"].startswith("pop"))
    whole = by_id[mended["parent_clip_id"]]
    joins = [clip["joined_at"] for clip in clips if clip["joined_at"] is not None]
    assert lengths[4] == pytest.approx(sum(sorted({*joins})) + lengths[3], abs=0.02)
    tags = re.findall(r"\[(.*?)\]", whole["lyrics"])
    assert tags == ["Verse 1", "Chorus", "Verse 2", "Chorus", "Outro"]

    before, after = house.sound(whole["clip_id"]), house.sound(mended["clip_id"])
    assert len(before) == len(after)
    changed = np.flatnonzero(np.any(before != after, axis=1))
    verse = sum(sorted({*joins})[1:]) * RATE  # the longer join is where the second verse begins
    assert changed[0] > verse - 2 * RATE
    assert changed[-1] < len(before) - (lengths[3] - 1) * RATE

    with zipfile.ZipFile(tmp_path / "8 stems.zip") as archive:
        stems = [soundfile.read(io.BytesIO(archive.read(name)), dtype="float64")[0] for name in archive.namelist()]
    assert len(stems) >= 5
    assert np.max(np.abs(sum(stems) - after)) <= (len(stems) + 1) * QUANTUM
