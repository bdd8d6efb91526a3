"""The sound check: levels found from a few bars before a song is mixed, so that its beginning is final at once.

Bars are seldom as loud as a part is on the whole. By how much they are louder is told by its notes, and the levels
lean that much the other way: of fifty-nine parts and sections the notes foretold the difference within 0.5 dB at the
median, 1.2 dB rms, where it was 3.6 dB rms.

Band and voices are found apart. The band plays the bars in which most is sung; what its channels and the bus need is
measured on that, and what the lead will add is reckoned from the distance at which the rider will hold it. The voices
sing the same bars when they are about to come in, since singing costs most. A part that is silent there has bars of
its own, played when it comes in. What is known already is left as it is.
"""

from collections.abc import Callable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.mix import balance, loudness, profile
from descant.mix.channel import Perform
from descant.mix.desk import Desk, heard_from
from descant.mix.drums import pieces
from descant.mix.filters import Filter
from descant.mix.levels import RATE, Audio
from descant.mix.mastering import equalizer, lost
from descant.mix.recall import Notes
from descant.mix.riding import HOP, Rider
from descant.song.score import Note, Part, Role, Score, Section, SungNote, VocalPart

SECONDS = 4.0
"""Length of the stretch that is played: about two bars."""

BEFORE = 1.6
"""Seconds before its first note at which a part may sound: a breath, a consonant."""

STRONGER = 35.0
"""dB by which a note gets louder from a tenth of a velocity to all of it: between sampled velocity layers, which are
steeper (40 dB), and played ones."""

DYING = 5.0
"""Seconds in which a held note fades to 37 % of its power."""

_FAINT = -6.0
"""LU under the whole of a part at which some bars hold too little of it to be measured in."""

_ENOUGH = 18
"""Measuring hops of 0.1 s for which a part must play in some bars to be measured in them."""

_SPARSER = 2.0
"""dB by which the rider's usual gain lies under that of the fullest bars: most lines are sung over less."""

_SOFTER = 2.2
"""LU by which a whole mix lies under its fullest bars (0.4–3.7 in fourteen songs of ten styles)."""

_VOICE = np.array(
    (*[-60, -60, -60, -51, -45, -40, -24, -12, -6, -5, -1, 0, -1, -1, -2, -6, -8, -7, -11, -10, -12, -18],
     *[-22, -25, -27, -26, -28, -32]),
    np.float64,
)  # fmt: skip
"""Third-octave levels in dB of a lead with its room against its sum from 1 to 4 kHz, at :data:`balance.CENTRES`: what
thirteen songs of nine voices have in common."""

_WEIGHTS = loudness.weighting(balance.CENTRES)
_BAND = (balance.CENTRES > 900) & (balance.CENTRES < 4100)


class SoundCheck:
    """Finds the levels of a mix.

    Parameters
    ----------
    settings, score, perform : the mix profile, the song and its players.
    window : the samples of the song that are mixed.
    notes : levels that are known, and where found ones are written down.
    """

    def __init__(
        self, settings: profile.Profile, score: Score, perform: Perform, window: tuple[int, int], notes: Notes
    ) -> None:
        self._settings, self._score, self._perform, self._window, self._notes = settings, score, perform, window, notes
        self._section, self._bars = self._fullest(lambda section, bars: (self._sung(bars) > 1.0, section.energy))
        self._everyone: tuple[Part | VocalPart, ...] = (*score.parts, *score.vocals)
        self._loud = {part.name: self._expected(part) for part in self._everyone}
        self._played: Audio | None = None
        self._tried: set[str] = set()

    def band(self) -> None:
        """Have the band play, unless the bus is known, and find its levels and those of the bus."""
        if self._notes.known(["bus.loudness"]):
            return
        band = self._band()
        leads = any(part.role is Role.LEAD_VOCAL for part in self._score.vocals)
        if not band.any():
            band, leads = self._play(self._score, self._bars), False
        if band.any():
            self._foretell(band, leads)

    def enter(self, stop: int) -> None:
        """Find what is not known of the parts that come in before sample ``stop`` of the song."""
        for part in self._score.parts:
            for entering in self._unknown(part, stop):
                self._alone(entering)
        if any(True for part in self._score.vocals for _ in self._unknown(part, stop)):
            self._sing()
        for voice in self._score.vocals:
            for entering in self._unknown(voice, stop):
                self._alone(entering)

    def silent_until(self, role: Role) -> int:
        """Return the sample of the song before which nothing is heard of a role."""
        parts = [part for part in self._everyone if part.role is role]
        return min((self._begins(part) for part in parts), default=self._window[1])

    def _unknown(self, part: Part | VocalPart, stop: int) -> Iterator[Part | VocalPart]:
        """Yield a part that comes in before a sample and whose levels are not known, or what of a kit is such."""
        notes = self._notes.at(part.name)
        if self._begins(part) >= stop:
            return
        if not notes.known(["fader"]):
            if part.name not in self._tried:
                yield part
        elif isinstance(part, Part) and part.role is Role.DRUMS:
            for name, piece in pieces(part):
                full = f"{part.name}.{name}"
                if not notes.at(name).known(["staging"]) and self._begins(piece) < stop and full not in self._tried:
                    self._tried.add(full)
                    yield piece

    def _begins(self, part: Part | VocalPart) -> int:
        """Return the sample of the song at which a part may first sound in the window, or where the window ends."""
        spans = [self._score.performed(note) for note in _notes(part)]
        starts = [start for start, stop in spans if stop * RATE > self._window[0]]
        return round((min(starts) - BEFORE) * RATE) if starts else self._window[1]

    def _band(self) -> Audio:
        """Return what the band sounds like in the bars."""
        if self._played is None:
            self._played = self._play(self._present(msgspec.structs.replace(self._score, vocals=())), self._bars)
        return self._played

    def _present(self, score: Score) -> Score:
        """Return a score with those of its parts alone that some of the bars are full of."""
        place = self._within(self._bars)
        heard = {name for name, powers in self._loud.items() if _filled(powers, place) >= _ENOUGH}
        heard = {name for name in heard if self._lean(name, self._bars) > _FAINT}
        return msgspec.structs.replace(
            score,
            parts=tuple(part for part in score.parts if part.name in heard),
            vocals=tuple(part for part in score.vocals if part.name in heard),
        )

    def _sing(self) -> None:
        """Have the voices sing in the bars, and find how the lead is to be ridden."""
        sung = self._play(self._present(msgspec.structs.replace(self._score, parts=())), self._bars, Role.LEAD_VOCAL)
        if sung.any() and not self._notes.known(["ride.usual"]):
            score = heard_from(self._score, self._bars[0])
            rider = Rider(score, len(sung), self._settings.riding, self._notes.at("ride"))
            rider.hear(sung, self._band(), 0)
            rider.ride(0, len(sung) // HOP)
            if self._notes.known(["ride.usual"]):
                self._notes.add("ride.usual", -_SPARSER)

    def _alone(self, part: Part | VocalPart) -> None:
        """Have a single part play where it plays most."""
        self._tried.add(part.name)
        piece = self._expected(part)
        place = self._within
        _, bars = self._fullest(
            lambda _, bars: (_filled(piece, place(bars)) >= _ENOUGH, _difference(piece, place(bars)))
        )
        if _filled(piece, place(bars)) < _ENOUGH:  # it comes in where no section begins
            bars = self._densest(piece)
        parts, vocals = ((part,), ()) if isinstance(part, Part) else ((), (part,))
        self._play(msgspec.structs.replace(self._score, parts=parts, vocals=vocals), bars)

    def _densest(self, powers: NDArray[np.float64]) -> tuple[int, int]:
        """Return the bars' length of samples that hold most of the powers of a part."""
        length = round(SECONDS * RATE / loudness.HOP)
        sums = np.convolve(powers, np.ones(min(length, len(powers))), mode="valid")
        return self._beginning((self._window[0] + int(np.argmax(sums)) * loudness.HOP) / RATE)

    def _play(self, score: Score, bars: tuple[int, int], role: Role | None = None) -> Audio:
        """Return what a score sounds like in some bars, or one role of it; the levels of its parts are noted."""
        samples = bars[1] - bars[0]
        leans = {name: max(self._lean(name, bars), _FAINT) for name in self._loud}
        desk = Desk(self._settings, score, self._perform, bars, self._notes, samples, leans)
        if not score.vocals and self._sung(bars) > 1.0:
            desk.suppose_singing()
        stems = {name: np.zeros((samples, 2), np.float32) for name in desk.roles}
        desk.mix(stems)
        total = np.zeros((samples, 2), np.float32)
        for name, stem in stems.items():
            if role in (None, name):
                total += stem
        return total

    def _foretell(self, band: Audio, leads: bool) -> None:
        """Note the bus's equalizer, and the loudness of the whole mix and of its loudest section."""
        bus, notes = self._settings.bus, self._notes.at("bus")
        alone = balance.third_octaves(band)
        powers = alone + self._lead(alone) if leads else alone
        measured, wanted = balance.relative(powers), balance.target(bus.balance)
        notes.at("equalizer").levels(
            balance.BANDS, lambda: balance.correction(measured, wanted, bus.correction, bus.corridor)
        )
        equalised = Filter(equalizer(notes)).process(band.copy())
        raised = 10 * np.log10((_WEIGHTS * powers).sum() / (_WEIGHTS * alone).sum())
        loudest = loudness.integrated(equalised) + float(raised)
        notes.at("section").level("loudest", lambda: loudest)
        notes.level("loudness", lambda: loudest - _SOFTER)
        equalised *= np.float32(10 ** (float(raised) / 20))
        notes.level("lost", lambda: lost(equalised, bus, notes))

    def _lead(self, band: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the third-octave powers of a lead as the rider will hold it above those of a band."""
        riding = self._settings.riding
        energy = 0.0 if self._section is None else self._section.energy
        over = riding.quiet + (riding.loud - riding.quiet) * energy
        return np.asarray(band[_BAND].sum() * 10 ** ((over + _VOICE) / 10))

    def _fullest(
        self, weight: Callable[[Section, tuple[int, int]], tuple[bool, float]]
    ) -> tuple[Section | None, tuple[int, int]]:
        """Return the section, and the bars it begins with, that weigh most; earlier ones before later ones."""
        found = [(section, self._beginning(self._score.seconds(section.start))) for section in self._score.sections]
        held = [(section, bars) for section, bars in found if section is not None and bars[0] < self._window[1]]
        if not held:
            return None, self._beginning(0.0)
        return max(held, key=lambda one: weight(*one))

    def _beginning(self, seconds: float) -> tuple[int, int]:
        """Return the samples of the song that are played from a time on, within the window."""
        first, last = self._window
        samples = round(SECONDS * RATE)
        start = max(first, min(int(seconds * RATE) // HOP * HOP, last - samples))
        return start, min(last, start + samples)

    def _sung(self, bars: tuple[int, int]) -> float:
        """Return the seconds of some bars in which a lead sings."""
        leads = [part for part in self._score.vocals if part.role is Role.LEAD_VOCAL]
        spans = [self._score.performed(note) for part in leads for note in _notes(part)]
        return sum(max(0.0, min(stop, bars[1] / RATE) - max(start, bars[0] / RATE)) for start, stop in spans)

    def _within(self, bars: tuple[int, int]) -> slice:
        """Return the hops of some bars, counted from the first of the window."""
        return slice(*((place - self._window[0]) // loudness.HOP for place in bars))

    def _lean(self, name: str, bars: tuple[int, int]) -> float:
        """Return by how many LU a part is louder in some bars than on the whole, as its notes tell."""
        return _difference(self._loud[name], self._within(bars))

    def _expected(self, part: Part | VocalPart) -> NDArray[np.float64]:
        """Return the power that the notes of a part let expect at each ``loudness.HOP`` of the window."""
        hop = loudness.HOP / RATE
        powers = np.zeros(-(-(self._window[1] - self._window[0]) // loudness.HOP) + 1)
        begin = self._window[0] / RATE
        swells = sorted(part.swells, key=lambda swell: swell.beat) if isinstance(part, Part) else []
        for note in _notes(part):
            start, stop = self._score.performed(note)
            first, last = int((start - begin) / hop), int(np.ceil((stop - begin) / hop))
            level = STRONGER * np.log10(max(note.velocity, 1) / 127)
            if swells:
                level += np.interp(note.start, [s.beat for s in swells], [s.level for s in swells])
            low, high = max(first, 0), min(max(last, first + 1), len(powers))
            if low < high:
                powers[low:high] += 10 ** (level / 10) * np.exp((first - np.arange(low, high)) * hop / DYING)
        return powers


def _filled(powers: NDArray[np.float64], place: slice) -> int:
    """Return how many of some hops hold at least a tenth of the power of the fullest."""
    part = powers[place]
    return int((part > 0.1 * part.max(initial=0.0)).sum())


def _difference(powers: NDArray[np.float64], place: slice) -> float:
    """Return by how many LU some hops are louder than all; −inf for silent ones."""
    if not powers[place].any():
        return -np.inf
    return loudness.integrated_power(powers[place]) - loudness.integrated_power(powers)


def _notes(part: Part | VocalPart) -> list[Note | SungNote]:
    if isinstance(part, Part):
        return list(part.notes)
    return [note for phrase in part.phrases for note in phrase.notes]
