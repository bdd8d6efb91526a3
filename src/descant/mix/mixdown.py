"""From a score and its players to a master and stems that sum to it: a whole song, or a stretch as it was mixed.

A song is mixed from front to back, in stretches that grow: the first is short, so that the beginning is heard at once.
Desk, rider and bus keep their state from one stretch to the next; the samples do not depend on where stretches end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from descant.mix import mastering, profile
from descant.mix.channel import Perform
from descant.mix.desk import Desk, heard_from
from descant.mix.levels import CHUNK, RATE, Audio, apply_curve, bring_back, decibels, periods, set_aside
from descant.mix.loudness import HOP, SILENCE, integrated, true_peak
from descant.mix.predicting import SoundCheck
from descant.mix.recall import Notes, Sheet
from descant.mix.riding import HOP as RIDING_HOP
from descant.mix.riding import REACH, Rider
from descant.song.score import Role, Score

Allocate = Callable[[tuple[int, int]], Audio]
"""Gives a zeroed float32 array for a stem; a memory map keeps stems out of memory."""

Report = Callable[[float, str], None]
"""Takes progress 0–1 and what is being done."""

Hear = Callable[[Audio], None]
"""Takes the next samples (samples, 2) of the master as soon as they are final; they are lent, not given."""

QUIET = 60.0
"""dB under its start at which what rang before a stretch no longer matters: how long to play before it."""

AFTER = 1.6
"""Seconds played after a stretch: as far as the vocal's ride looks ahead."""

FIRST = 4
"""Blocks of :data:`CHUNK` samples in the first stretch; each is :data:`GROWTH` times as long as the one before, up to
:data:`LONGEST`. A song is mixed several times as fast as it plays, so there is always more ahead than is waited for.
Players are best at long stretches: in ten short ones they took 1.6 times what they take for a song at once."""

GROWTH = 4
LONGEST = 144

Plan = Callable[[int], int]
"""Returns the length in blocks of a stretch, given that of the one before it, 0 for the first."""


@dataclass(frozen=True)
class Mixdown:
    """A finished mix: ``master`` (samples, 2), a stem for each role that plays, and what was measured on the master.

    The master is the float32 sum of the stems. ``loudness`` in LUFS, ``true_peak`` in dBTP. ``recall`` holds what was
    measured to make it. ``corrected`` is the dB by which the master was changed after it had been heard, 0 for not.
    """

    master: Audio
    stems: dict[Role, Audio]
    loudness: float
    true_peak: float
    recall: Sheet
    corrected: float = 0.0


def growing(before: int) -> int:
    """Return the length in blocks of the stretch that follows one of ``before`` blocks.

    The second is hardly longer than the first: a song that sings at once is heard after it, as the rider looks ahead.
    """
    if before <= FIRST:
        return FIRST + 1 if before else FIRST
    return min(LONGEST, GROWTH * before)


def _memory(shape: tuple[int, int]) -> Audio:
    return np.zeros(shape, np.float32)


def mix(
    score: Score,
    profile_name: str,
    perform: Perform,
    length: int,
    *,
    allocate: Allocate = _memory,
    progress: Report | None = None,
    hear: Hear | None = None,
    plan: Plan = growing,
) -> Mixdown:
    """Perform, mix and master a score.

    Parameters
    ----------
    profile_name : a name from :func:`descant.mix.profile.names`.
    perform : called for each part, and for a drum part for each of its pieces with only that piece's notes, for one
        stretch after another, and for a few bars besides.
    length : samples of the whole song, the ring of its last note included.
    allocate : where stems live.
    hear : takes the master while it is made. What was heard is the master, unless it had to be ``corrected``.
    plan : how long the stretches are; the samples do not depend on it.

    Raises
    ------
    ValueError : when there is no such profile, or a part is played at another length.
    """
    session = _Session(score, Sheet(profile=profile_name), perform, (0, length), length, allocate)
    return session.run(progress, hear, plan, final=True)


def mix_again(
    score: Score,
    sheet: Sheet,
    perform: Perform,
    window: tuple[int, int],
    length: int,
    *,
    allocate: Allocate = _memory,
    progress: Report | None = None,
) -> Mixdown:
    """Perform, mix and master a stretch of a score with the levels of an earlier mix.

    Where the score is what it was then, so is the sound, but for what rang more than :data:`QUIET` dB louder when it
    began. What the sheet does not know is measured on a few bars of the stretch.

    Parameters
    ----------
    sheet : the recall sheet of the song, or of the one it was made from.
    window : the samples (start, stop) of the song that are wanted.
    length : samples of the whole song.

    Returns
    -------
    The mixdown of the window alone; its sheet also knows what was new.
    """
    start, stop = max(0, window[0]), min(window[1], length)
    if not 0 <= start < stop:
        raise ValueError(f"samples {window} are not in a song of {length}")
    settings = profile.load(sheet.profile)
    first = max(0, start - round(pre_roll(settings, score) * RATE)) // HOP * HOP
    last = min(length, stop + round(AFTER * RATE))
    whole = _Session(score, sheet, perform, (first, last), length, allocate).run(progress, None, growing, final=False)
    part = slice(start - first, stop - first)
    return Mixdown(
        np.ascontiguousarray(whole.master[part]),
        {role: stem[part] for role, stem in whole.stems.items()},
        whole.loudness,
        whole.true_peak,
        whole.recall,
    )


def pre_roll(settings: profile.Profile, score: Score) -> float:
    """Return the seconds after which rooms, echoes and compressors have forgotten what was before."""
    rooms = max((room.decay for room in settings.rooms.values()), default=0.0) * QUIET / 60
    echo = settings.echo
    rounds = ceil((QUIET - 10) / -decibels(echo.feedback))  # thrown words enter it 10 dB under their level
    return max(1.5, rooms, 2 * rounds * echo.beats * 60 / score.tempo_map.bpm(0.0))


class _Session:
    """One mix, from its sound check to its last sample."""

    def __init__(
        self,
        score: Score,
        sheet: Sheet,
        perform: Perform,
        window: tuple[int, int],
        length: int,
        allocate: Allocate,
    ) -> None:
        self._settings, self._notes, self._profile = (
            profile.load(sheet.profile),
            Notes(dict(sheet.levels)),
            sheet.profile,
        )
        self._start, self._samples = window[0], window[1] - window[0]
        self._desk = Desk(self._settings, score, perform, window, self._notes, CHUNK)  # first: it notes all places
        self._check = SoundCheck(self._settings, score, perform, window, self._notes)
        self._check.band()
        heard = heard_from(score, window[0])
        self._bus = mastering.Mastering(
            self._settings.bus, heard, self._samples, length - window[0], self._notes.at("bus")
        )
        self._rider = Rider(heard, self._samples, self._settings.riding, self._notes.at("ride"))
        self._ridden = 0.0
        self._total = np.zeros((self._samples, 2), np.float32)
        self._stems = {role: np.asarray(allocate((self._samples, 2))) for role in self._desk.roles}
        self._followed = 0

    def run(self, progress: Report | None, hear: Hear | None, plan: Plan, *, final: bool) -> Mixdown:
        """Mix all; ``final`` brings a master that missed its loudness to it."""
        report = progress or (lambda _share, _step: None)
        blocks = done = 0
        while done < self._samples:
            blocks = plan(blocks)
            stop = min(self._desk.at + blocks * CHUNK, self._samples)
            if self._desk.at < self._samples:
                self._mix(stop)
            self._follow()
            before, done = done, self._bus.master(self._total, self._stems)
            for stem in self._stems.values():
                set_aside(stem[before:done])
            if hear is not None and done > before:
                hear(self._total[before:done])
            report(done / self._samples, "mixing")
        return self._finished(final)

    def _mix(self, stop: int) -> None:
        """Play and mix the parts up to a sample of the mix."""
        start = self._desk.at
        self._check.enter(self._start + stop)
        stretch = {role: stem[start:stop] for role, stem in self._stems.items()}
        for stem in stretch.values():
            bring_back(stem)
        self._desk.mix(stretch)
        for role, stem in stretch.items():
            if role is not Role.LEAD_VOCAL:
                self._total[start:stop] += stem
        if Role.LEAD_VOCAL in stretch:
            self._rider.hear(stretch[Role.LEAD_VOCAL], self._total[start:stop], start)

    def _follow(self) -> None:
        """Ride the lead as far as what comes after is known, and let the bus hear the mix."""
        lead = self._stems.get(Role.LEAD_VOCAL)
        mixed, quiet = self._desk.at, self._check.silent_until(Role.LEAD_VOCAL) - self._start
        while self._followed < mixed:
            start, stop = self._followed, min(self._followed + CHUNK, self._samples)
            if stop > mixed:
                return
            if lead is not None:
                if mixed < self._samples and stop + REACH * RIDING_HOP > max(mixed, quiet):
                    return
                self._ride(lead, start, stop)
            self._bus.hear(self._total[start:stop])
            self._followed = stop

    def _ride(self, lead: Audio, start: int, stop: int) -> None:
        """Bring a block of the lead to where the rider holds it, and add it to the mix."""
        ride = self._rider.ride(start // RIDING_HOP, -(-stop // RIDING_HOP))
        curve = (10 ** (ride[: periods(stop - start)] / 20)).astype(np.float32)
        self._ridden = apply_curve(lead[start:stop], curve, self._ridden if start else float(curve[0]))
        self._total[start:stop] += lead[start:stop]

    def _finished(self, final: bool) -> Mixdown:
        reached, peak, corrected = self._bus.loudness, self._bus.true_peak, 0.0
        bus, known = self._settings.bus, self._notes.known(["bus.corrected"])
        if known:
            corrected = known[0]
        elif final and reached > SILENCE and abs(reached - bus.loudness) > mastering.CLOSE:
            corrected = mastering.correction(self._total, bus, reached)
            self._notes.level("bus.corrected", lambda: corrected)
        if corrected:
            mastering.lift(self._total, self._stems, bus, corrected)
            reached, peak = integrated(self._total), true_peak(self._total)
        return Mixdown(self._total, self._stems, reached, peak, self._notes.sheet(self._profile), corrected)
