"""What is taken out of recordings: a voice only where somebody is heard singing."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.edit.recordings import song_of
from descant.engines import delivery, protocol
from descant.engines.extraction import UNSUNG, extract
from descant.engines.listening import stored
from descant.engines.protocol import CannotMake
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet
from descant.song.orders import Extract
from descant.song.score import Role
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.song.transcription import HeardKey, HeardTempo, HeardVoice, Transcription

VOCALS, INSTRUMENTAL = Extract("vocals", ("vocals",), separated=True), Extract("instrumental", (), separated=True)


@pytest.fixture
def unsung(tmp_path: Path) -> Path:
    return _held(tmp_path / "unsung", ())


def _held(folder: Path, voices: tuple[HeardVoice, ...]) -> Path:
    """Keep a trembling tone as a recording in which ``voices`` were heard."""
    folder.mkdir()
    beats = tuple(0.5 * n for n in range(12))
    heard = Transcription(
        seconds=6.0, tempo=HeardTempo(120.0, 0.9), beats=beats, downbeats=(0, 4, 8), metre=Metre(4, 4),
        key=HeardKey(Key(9, "major"), 0.9), voices=voices, evidence={},
    )  # fmt: skip
    moments = np.arange(round(heard.seconds * 48_000)) / 48_000
    tone = 0.2 * np.sin(2 * np.pi * 440.0 * moments + 6.0 * np.sin(2 * np.pi * 5.5 * moments))
    sound = stored(np.repeat(tone[:, None], 2, axis=1).astype(np.float32))
    mixdown = Mixdown(sound, {Role.RECORDING: sound}, -20.0, -3.0, Sheet(profile="pop"))
    delivery.save(song_of(heard, "A take"), mixdown, folder)
    return folder


def _taken(order: Extract, held: Path, out: Path):
    out.mkdir()
    song = extract(order, held, out, lambda *_: None)
    return song, soundfile.read(out / protocol.WAV_FILE)[0]


def test_what_leads_where_nobody_is_heard_singing_is_no_voice(unsung: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="'vocals' is unavailable: nobody"):
        _taken(VOCALS, unsung, tmp_path / "out")


def test_a_moment_that_may_be_singing_is_not_enough(tmp_path: Path) -> None:
    held = _held(tmp_path / "doubtful", (HeardVoice(0.5, 2.5, 0.55),))
    with pytest.raises(CannotMake, match="hardly anybody"):
        _taken(VOCALS, held, tmp_path / "out")


def test_where_nobody_sings_the_recording_is_its_own_accompaniment(unsung: Path, tmp_path: Path) -> None:
    song, sound = _taken(INSTRUMENTAL, unsung, tmp_path / "out")
    np.testing.assert_array_equal(sound, soundfile.read(unsung / protocol.WAV_FILE)[0])
    assert song.heard is not None
    assert (song.heard.evidence["separation"].method, song.heard.evidence["separation"].confidence) == (UNSUNG, 1.0)
