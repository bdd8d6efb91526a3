"""Row 16, stems: how near what is taken out of a recording is to what was played, and how far its word can be trusted.

Mixes are backings of our own songs of ``truth/report.toml``, played by FluidSynth with a bank the product does not
use (:mod:`benchmarks.truth`) and placed left and right as bands stand, under a voice: that of a real singer, where the
folder named by ``DESCANT_AUDIO_TRUTH`` has the recording ``vocadito_10.flac``, and our own singing of the song, which
lends the product's own sound to the mix; both at two levels. A mix without a voice and one without drums tell whether
what is not there is said not to be there.

Figures are plain signal-to-distortion ratios, as in research/analysis.md, and the medians of museval's over windows of
a second (Stöter, Liutkus, Ito, "The 2018 Signal Separation Evaluation Campaign", LVA/ICA 2018), of what the product
gives. What it does not give counts as silence in the plain ones: 0 dB.

Run alone with ``python -m benchmarks.rows.separation``.
"""

import importlib.util
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks import truth
from benchmarks.rows.listening import FOLDER
from benchmarks.table import Figure, show
from descant.listen.separation import Separation, separate
from descant.perform.voice import singer
from descant.song.score import Role

RATE = truth.RATE
SECONDS, EXCERPT = 24, 8
"""How long mixes are at most, and what of their beginning museval is shown, which takes long."""

VOICE = "vocadito_10.flac"
LEVELS = (0.8, -3.0)
"""Decibels of the voice over the backing, both where the voice sounds."""

SONGS = ("indie_rock", "minor_ballad", "funk", "synthwave")
STEMS = ("voice", "accompaniment", "drums", "bass")
BARS = {"voice": 4.0, "accompaniment": 5.7, "drums": 2.6, "bass": 3.4}
"""Decibels: the least of the constructed mixes for the voice, the least of all for the rest."""

PLACES = {Role.GUITAR: -0.6, Role.KEYBOARD: 0.5, Role.SYNTH: -0.4, Role.STRINGS: 0.35, Role.BRASS: 0.6,
          Role.WOODWINDS: -0.5, Role.PERCUSSION: 0.3}  # fmt: skip
"""Where the stems of a band stand, −1 left to 1 right; others are left as the bank has them."""

SUNG = frozenset({Role.LEAD_VOCAL, Role.BACKING_VOCALS})
Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Mix:
    """A recording of which every stem is known, float32 (samples, 2); ``kind`` says whose voice it has."""

    name: str
    kind: str
    stems: Mapping[str, Audio]

    @property
    def audio(self) -> Audio:
        """The sum of voice and accompaniment."""
        return self.stems["voice"] + self.stems["accompaniment"]


def mixes(songs: Sequence[str] = SONGS) -> Iterator[Mix]:
    """Yield every mix of some songs of either set of truth."""
    real = _real_voice()
    for number, name in enumerate(songs):
        backing, own = _backing(name)
        for level in LEVELS:
            if real is not None:
                yield _mixed(f"{name} {level:+}", "a real voice", backing, real, level)
            yield _mixed(f"{name} {level:+}", "our own singing", backing, own, level)
        if number == 0:
            yield _mixed(name, "no voice", backing, np.zeros_like(own), 0.0)
        if number == 1:
            still = {**backing, "drums": np.zeros_like(own)}
            yield _mixed(name, "no drums", still, own, LEVELS[0])


def _mixed(name: str, kind: str, backing: Mapping[str, Audio], voice: Audio, level: float) -> Mix:
    voice = voice[: len(backing["drums"])]
    band = np.asarray(backing["drums"] + backing["bass"] + backing["others"], np.float32)[: len(voice)]
    sounding = np.abs(voice).max(axis=1) > 1e-3
    gain = 0.0
    if sounding.any():
        gain = float(np.sqrt(np.mean(band[sounding] ** 2) / np.mean(voice[sounding] ** 2))) * 10 ** (level / 20)
    sung = np.asarray(gain * voice, np.float32)
    peak = max(1.0, float(np.abs(band + sung).max()))
    stems = {"voice": sung, "accompaniment": band, "drums": backing["drums"][: len(voice)]}
    stems["bass"] = backing["bass"][: len(voice)]
    return Mix(name, kind, {stem: np.asarray(sound / peak, np.float32) for stem, sound in stems.items()})


@cache
def _backing(name: str) -> tuple[dict[str, Audio], Audio]:
    """Return drums, bass and others of a song from its first sung note on, and our own singing of it."""
    score = truth.written(name)
    first = min(score.performed(phrase.notes[0])[0] for v in score.vocals for phrase in v.phrases if phrase.notes)
    start = round(max(first - 1.0, 0.0) * RATE)
    played = truth.play(name, score).stems
    out = {part: np.zeros((SECONDS * RATE, 2), np.float32) for part in ("drums", "bass", "others")}
    for role, stem in played.items():
        if role in SUNG:
            continue
        part = "drums" if role in (Role.DRUMS, Role.PERCUSSION) else "bass" if role is Role.BASS else "others"
        cut = stem[start : start + SECONDS * RATE]
        out[part][: len(cut)] += _placed(cut, PLACES.get(role, 0.0))
    lead = [v for v in score.vocals if v.role is Role.LEAD_VOCAL]
    voice = sum((singer.render(v, score, 1, start, start + SECONDS * RATE) for v in lead), np.zeros_like(out["bass"]))
    return out, np.asarray(voice, np.float32)


def _placed(stem: Audio, place: float) -> Audio:
    return (stem * np.sqrt([1.0 - place, 1.0 + place])).astype(np.float32)


@cache
def _real_voice() -> Audio | None:
    folder = os.environ.get(FOLDER)
    path = Path(folder) / VOICE if folder else None
    if path is None or not path.is_file():
        return None
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.repeat(soxr.resample(sound[:, :1], rate, RATE), 2, axis=1).astype(np.float32)


def decibels(known: Audio, found: Audio) -> float:
    """Return the plain signal-to-distortion ratio in dB; 0 of silence, −inf of anything where nothing is known."""
    wrong, own = float(np.sum((known - found) ** 2, dtype=float)), float(np.sum(known**2, dtype=float))
    if own < 1e-9:
        return 0.0 if wrong < 1e-9 else -np.inf
    return 10 * float(np.log10(own / max(wrong, 1e-12)))


def given(found: Separation) -> dict[str, Audio]:
    """Return the stems that the product gives, by name."""
    stems = {"voice": found.stems.get(Role.LEAD_VOCAL), "accompaniment": found.accompaniment}
    stems |= {"drums": found.stems.get(Role.DRUMS), "bass": found.stems.get(Role.BASS)}
    return {name: stem.audio for name, stem in stems.items() if stem is not None}


@cache
def _metrics() -> ModuleType:
    """Return museval's measures; the package itself would ask for a program to read files, which nothing here needs."""
    spec = importlib.util.find_spec("museval")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("museval is missing: make develop installs it")
    path = Path(spec.submodule_search_locations[0]) / "metrics.py"
    alone = importlib.util.spec_from_file_location("museval_metrics", path)
    assert alone is not None
    assert alone.loader is not None
    module = importlib.util.module_from_spec(alone)
    alone.loader.exec_module(module)
    return module


def museval_medians(known: Mapping[str, Audio], found: Mapping[str, Audio]) -> dict[str, float]:
    """Return the median over windows of a second of BSS Eval v4's SDR of each stem that was found and is there."""
    first = slice(0, EXCERPT * RATE)
    names = [name for name in STEMS if name in found and float(np.abs(known[name][first]).max()) > 1e-4]
    if not names:
        return {}
    stacked = (np.stack([side[name][first] for name in names]) for side in (known, found))
    ratios = _metrics().bss_eval(*stacked, window=RATE, hop=RATE)[0]
    return {name: float(np.nanmedian(row)) for name, row in zip(names, ratios, strict=True)}


@dataclass
class _Scores:
    """What was measured of the mixes of one kind: decibels by stem, plain and museval's."""

    plain: dict[str, list[float]]
    medians: dict[str, list[float]]


def figures() -> Iterator[Figure]:
    """Yield the figures of row 16 that are about stems."""
    by_kind: dict[str, _Scores] = {}
    right, withheld, spent, heard = 0, 0, 0.0, 0.0
    wrong: list[str] = []
    for mix in mixes():
        begun = time.process_time()
        found = given(separate(mix.audio))
        spent, heard = spent + time.process_time() - begun, heard + len(mix.audio) / RATE
        scores = by_kind.setdefault(mix.kind, _Scores({name: [] for name in STEMS}, {name: [] for name in STEMS}))
        for name, median in museval_medians(mix.stems, found).items():
            scores.medians[name].append(median)
        for name in STEMS:
            reached = decibels(mix.stems[name], found[name]) if name in found else 0.0
            if np.any(mix.stems[name]):
                scores.plain[name].append(reached)
            if name in found and reached <= 0.0:
                wrong.append(f"{mix.name}, {mix.kind}: {name}")
            elif name in found or not np.any(mix.stems[name]):
                right += 1
            else:
                withheld += 1
        print(f"{mix.name}, {mix.kind}: {_told(mix, found)}", file=sys.stderr, flush=True)
    for kind, scores in by_kind.items():
        if not kind.startswith("no "):
            yield from _of_kind(kind, scores)
    text = f"{right} of {right + len(wrong)}" + (f" (worse: {'; '.join(wrong)})" if wrong else "")
    text += f"; {withheld} not given of what is there"
    yield Figure("16", "stems given better than silence, and not given where nothing is", text, "all", not wrong)
    cost = spent / heard
    yield Figure("16", "CPU seconds of separation a second of sound", f"{cost:.2f}", "≤ 0.1", cost <= 0.1)


def _told(mix: Mix, found: Mapping[str, Audio]) -> str:
    parts = [f"{n} {decibels(mix.stems[n], found[n]):.1f}" if n in found else f"{n} not given" for n in STEMS]
    return ", ".join(parts)


def _of_kind(kind: str, scores: _Scores) -> Iterator[Figure]:
    for name in STEMS:
        plain, medians = scores.plain[name], scores.medians[name]
        if not plain:
            continue
        mean = float(np.mean(plain))
        text = f"{mean:.1f} dB ({min(plain):.1f} to {max(plain):.1f} in {len(plain)} mixes)"
        if medians:
            text += f"; museval {np.median(medians):.1f} dB"
        yield Figure("16", f"{name} of mixes, {kind}: SDR", text, f"≥ {BARS[name]}", mean >= BARS[name])


if __name__ == "__main__":
    show(figures())
