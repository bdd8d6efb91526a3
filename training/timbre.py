"""Learn the timbre maps: from espeak-ng's voice to slt, rms and awb.

    python -m training.timbre            (or: make timbre; about five CPU minutes)

Sentences of seven words, drawn from the pronouncing dictionary, are spoken by espeak-ng and by each speaker from the
same phones. Both tell where each phone lies, so frames are paired inside phones: in proportion at first, then by
dynamic time warping against the first map's result. Each kind of sound gets a matrix by ridge regression. Every fifth
sentence is kept out of the learning and tells how far the result lies from the speaker (mel-cepstral distortion,
coefficients 1–24, decibels). Foreign sounds are what the maps are for, so the same is measured on phones that a
second map never saw.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.perform.voice.sources import espeak, open_source
from descant.perform.voice.sources.timbremap import KINDS, TimbreMap, coordinates, inputs, kind_of, kinds_of
from descant.perform.voice.spoken import LineText, SpokenLine, SpokenSyllable, line_of
from descant.song.streams import stream
from descant.words.lyrics import parse

SPEAKERS = ("hts:slt", "flite:rms", "flite:awb")
DICTIONARY = Path("/usr/share/festival/dicts/cmu/cmudict-0.4.out")
SENTENCES, WORDS = 160, 7
HELD_OUT = 5
"""Every fifth sentence is for validation."""

UNSEEN = ("uw", "ae", "er", "ow", "l")
"""Phones kept from the second map, as foreign sounds are from the first."""

RIDGE = 1e-3
WIDEST = 1.3
REACH = 2
"""Frames past a phone's edges where warping may still look for it."""


@dataclass
class Pair:
    """A sentence twice: ``own`` is espeak-ng's line; ``frames`` pair a frame of each and say the phone."""

    own: SpokenLine
    seen: NDArray[np.float32]
    wanted: NDArray[np.float32]
    of_own: NDArray[np.intp]
    of_wanted: NDArray[np.intp]
    phone: NDArray[np.intp]

    @property
    def names(self) -> NDArray[np.str_]:
        """The phone of each pair of frames."""
        return np.array(self.own.phones)[self.phone]

    @property
    def kinds(self) -> NDArray[np.intp]:
        """The kind of sound of each pair of frames."""
        return np.array([kind_of(name) for name in self.own.phones])[self.phone]


def sentences() -> list[LineText]:
    """Return the training sentences as sounds."""
    listed = DICTIONARY.read_text(encoding="latin-1")
    words = sorted(set(re.findall(r'^\(\s*"([a-z]{3,9})" ', listed, re.MULTILINE)))
    rng = stream(1, "timbre.sentences")
    drawn = (" ".join(words[i] for i in rng.integers(0, len(words), WORDS)) for _ in range(SENTENCES))
    return [line_of(parse(f"[Verse]\n{text}", language="en").lines[0].words) for text in drawn]


def for_espeak(line: LineText) -> LineText:
    """Return an English line as espeak-ng is told it."""
    words = tuple(
        tuple(SpokenSyllable(s.phones, s.stressed, s.accents, s.nucleus, s.phones) for s in word) for word in line.words
    )
    return LineText(words, "en")


def paired(own: SpokenLine, other: SpokenLine) -> Pair:
    """Return a sentence with frames paired in proportion inside each phone."""
    of_own, of_other, phone = [], [], []
    for number, (a, b, c, d) in enumerate(zip(own.starts, own.stops, other.starts, other.stops, strict=True)):
        count = max(int(d - c), 1)
        place = a + (np.arange(count) + 0.5) / count * (b - a) - 0.5
        of_own.append(np.clip(np.rint(place), a, max(b - 1, a)))
        of_other.append(np.arange(c, c + count))
        phone.append(np.full(count, number))
    frames = (np.concatenate(part).astype(np.intp) for part in (of_own, of_other, phone))
    first, second, numbers = frames
    seen = inputs(coordinates(own, other.alpha, other.rate, other.cepstra.shape[1] - 1))
    return Pair(
        own, seen, other.cepstra, np.minimum(first, len(seen) - 1), np.minimum(second, len(other.cepstra) - 1), numbers
    )


def learned(pairs: Sequence[Pair], speaker: SpokenLine, without: Sequence[str] = ()) -> TimbreMap:
    """Return the ridge regression over all pairs of frames but those of the phones ``without``."""
    seen, wanted, kinds = [], [], []
    for pair in pairs:
        kept = ~np.isin(pair.names, list(without))
        seen.append(pair.seen[pair.of_own[kept]])
        wanted.append(pair.wanted[pair.of_wanted[kept]])
        kinds.append(pair.kinds[kept])
    x, y, kind = np.concatenate(seen).astype(float), np.concatenate(wanted).astype(float), np.concatenate(kinds)
    weights = np.zeros((KINDS, x.shape[1], y.shape[1]))
    for number in range(KINDS):
        rows = x[kind == number]
        penalty = np.full(x.shape[1], RIDGE * len(rows) * float(rows[:, :-1].var(axis=0).mean()))
        penalty[-1] = 1e-6
        weights[number] = np.linalg.solve(rows.T @ rows + np.diag(penalty), rows.T @ y[kind == number])
    spread = np.ones(y.shape[1], np.float32)
    pitch = float(np.median(speaker.pitch[speaker.pitch > 0]))
    return TimbreMap(weights.astype(np.float32), spread, speaker.alpha, speaker.rate, pitch)


def realigned(pair: Pair, timbre: TimbreMap) -> Pair:
    """Return a sentence with the frames of each phone paired by dynamic time warping against the mapped ones."""
    mapped = np.einsum("ti,tio->to", pair.seen, timbre.weights[kinds_of(pair.own)])
    of_own = pair.of_own.copy()
    for number in np.unique(pair.phone):
        rows = np.flatnonzero(pair.phone == number)
        if rows.size >= 3:
            low = max(int(pair.own.starts[number]) - REACH, 0)
            high = min(int(pair.own.stops[number]) + REACH, len(mapped))
            wanted = pair.wanted[pair.of_wanted[rows], 1:20]
            far = np.sqrt(((wanted[:, None] - mapped[None, low:high, 1:20]) ** 2).sum(axis=2))
            straight = np.abs(np.arange(high - low) - (of_own[rows] - low)[:, None])
            of_own[rows] = low + _path(far + 0.02 * straight)
    return replace(pair, of_own=of_own)


def _path(cost: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the cheapest column for each row, never falling and rising by three at most."""
    rows, columns = cost.shape
    total = cost[0] + 0.05 * np.arange(columns)
    came = np.zeros((rows, columns), np.intp)
    for row in range(1, rows):
        best, came[row] = total.copy(), np.arange(columns)
        for step in (1, 2, 3):
            moved = np.concatenate([np.full(step, np.inf), total])[:columns]
            better = moved < best
            best[better], came[row][better] = moved[better], np.arange(columns)[better] - step
        total = cost[row] + best
    column = int(np.argmin(total))
    path = [column]
    for row in range(rows - 1, 0, -1):
        column = int(came[row, column])
        path.append(column)
    return np.array(path[::-1], np.intp)


def distortion(pairs: Sequence[Pair], timbre: TimbreMap | None, only: Sequence[str] = ()) -> float:
    """Return the mel-cepstral distortion in dB over pairs of frames (of the phones ``only``); None: unmapped."""
    total, count = 0.0, 0
    for pair in pairs:
        kept = np.isin(pair.names, list(only)) if only else np.ones(len(pair.phone), bool)
        own = pair.seen[pair.of_own[kept]]
        if timbre is not None:
            own = np.einsum("ti,tio->to", own, timbre.weights[pair.kinds[kept]])
        wanted = pair.wanted[pair.of_wanted[kept]]
        far = np.sqrt(2 * ((own[:, 1:25] - wanted[:, 1:25]) ** 2).sum(axis=1))
        total, count = total + float(far.sum()), count + int(kept.sum())
    return 10 / np.log(10) * total / max(count, 1)


def _with_spread(timbre: TimbreMap, pairs: Sequence[Pair]) -> TimbreMap:
    """Return a map that widens each coefficient's movement to that of the speaker."""
    mapped = [np.einsum("ti,tio->to", p.seen[p.of_own], timbre.weights[p.kinds]) for p in pairs]
    own = np.concatenate(mapped).std(axis=0)
    wanted = np.concatenate([pair.wanted[pair.of_wanted] for pair in pairs]).std(axis=0)
    spread = np.clip(wanted / own, 1.0, WIDEST)
    spread[0] = 1.0
    return replace(timbre, spread=spread.astype(np.float32))


def main() -> None:
    """Learn, validate and write every map."""
    texts = sentences()
    own = espeak.speak_plainly([for_espeak(text) for text in texts])
    print("speaker    held out: unmapped  constant  mapped    phones never seen: unmapped  mapped  (when seen)")
    for speaker in SPEAKERS:
        spoken = open_source(speaker).speak(texts)
        pairs = [paired(a, b) for a, b in zip(own, spoken, strict=True)]
        learning = [pair for number, pair in enumerate(pairs) if number % HELD_OUT]
        first = learned(learning, spoken[0])
        pairs = [realigned(pair, first) for pair in pairs]
        learning = [pair for number, pair in enumerate(pairs) if number % HELD_OUT]
        kept = pairs[::HELD_OUT]
        timbre, blind = learned(learning, spoken[0]), learned(learning, spoken[0], UNSEEN)
        figures = (
            distortion(kept, None), distortion(kept, _constant(learning, timbre)), distortion(kept, timbre),
            distortion(kept, None, UNSEEN), distortion(kept, blind, UNSEEN), distortion(kept, timbre, UNSEEN),
        )  # fmt: skip
        print("{:10} {:18.1f} {:9.1f} {:7.1f} {:29.1f} {:7.1f} {:8.1f}".format(speaker, *figures))
        _with_spread(timbre, learning).save(speaker)


def _constant(pairs: Sequence[Pair], timbre: TimbreMap) -> TimbreMap:
    """Return the map that only adds the mean difference: what an equaliser could do."""
    own = np.concatenate([pair.seen[pair.of_own] for pair in pairs])
    wanted = np.concatenate([pair.wanted[pair.of_wanted] for pair in pairs])
    order = wanted.shape[1]
    weights = np.zeros_like(timbre.weights)
    weights[:, :order, :order] = np.eye(order)
    weights[:, -1] = (wanted - own[:, :order]).mean(axis=0)
    return replace(timbre, weights=weights)


if __name__ == "__main__":
    main()
