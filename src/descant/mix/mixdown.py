"""From a score and its players to a master and stems that sum to it: a whole song, or a stretch as it was mixed."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from descant.mix import mastering, profile, riding
from descant.mix.desk import Desk, Perform, heard_from
from descant.mix.levels import RATE, Audio, apply_curve, bring_back, decibels, set_aside
from descant.mix.loudness import HOP
from descant.mix.recall import Notes, Sheet
from descant.song.score import Part, Role, Score, VocalPart

Allocate = Callable[[tuple[int, int]], Audio]
"""Gives a zeroed float32 array for a stem; a memory map keeps stems out of memory."""

Report = Callable[[float, str], None]
"""Takes progress 0–1 and what is being done."""

ORDER = (Role.DRUMS, Role.LEAD_VOCAL, *(role for role in Role if role not in (Role.DRUMS, Role.LEAD_VOCAL)))
"""Drums and lead vocal first: they key the side-chains of the rest."""

QUIET = 60.0
"""dB under its start at which what rang before a stretch no longer matters: how long to play before it."""

AFTER = 1.6
"""Seconds played after a stretch: as far as the vocal's ride looks ahead."""


@dataclass(frozen=True)
class Mixdown:
    """A finished mix: ``master`` (samples, 2), a stem for each role that plays, and what was measured on the master.

    The master is the float32 sum of the stems. ``loudness`` in LUFS, ``true_peak`` in dBTP. ``recall`` holds what was
    measured to make it.
    """

    master: Audio
    stems: dict[Role, Audio]
    loudness: float
    true_peak: float
    recall: Sheet


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
) -> Mixdown:
    """Perform, mix and master a score.

    Parameters
    ----------
    profile_name : a name from :func:`descant.mix.profile.names`.
    perform : called once for each part, and for a drum part once for each of its pieces with only that piece's notes.
    length : samples of the whole song, the ring of its last note included.
    allocate : where stems live.

    Raises
    ------
    ValueError : when there is no such profile, or a part is played at another length.
    """
    return _mixed(score, Sheet(profile=profile_name), perform, (0, length), length, allocate, progress)


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
    began. What the sheet does not know is measured on what is played.

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
    whole = _mixed(score, sheet, perform, (first, last), length, allocate, progress)
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


def _mixed(
    score: Score,
    sheet: Sheet,
    perform: Perform,
    window: tuple[int, int],
    length: int,
    allocate: Allocate,
    progress: Report | None,
) -> Mixdown:
    settings, notes = profile.load(sheet.profile), Notes(dict(sheet.levels))
    report = progress or (lambda _share, _step: None)
    everyone: tuple[Part | VocalPart, ...] = (*score.parts, *score.vocals)
    roles = {role: [part for part in everyone if part.role is role] for role in ORDER}
    playing = [role for role in ORDER if roles[role]]
    samples = window[1] - window[0]
    desk = Desk(settings, score, perform, *window, notes)
    places: dict[Role, Audio] = {}
    stems: dict[Role, Audio] = {}
    total = np.zeros((samples, 2), np.float32)
    for count, role in enumerate(playing):
        places[role] = allocate((samples, 2))
        stems[role] = np.asarray(places[role])
        desk.stem(role, roles[role], stems[role])
        if role is not Role.LEAD_VOCAL:
            total += stems[role]
        set_aside(places[role])
        report(0.8 * (count + 1) / len(playing), "mixing")
    heard = heard_from(score, window[0])
    if Role.LEAD_VOCAL in stems:
        _ride(stems[Role.LEAD_VOCAL], total, heard, settings, notes)
    bus = mastering.master(total, heard, settings.bus, length - window[0], notes.at("bus"))
    total[:] = 0.0
    for role in playing:
        bring_back(places[role])
        bus.chain.apply(stems[role], total)
        set_aside(places[role])
    report(1.0, "mastering")
    return Mixdown(total, stems, bus.loudness, bus.true_peak, notes.sheet(sheet.profile))


def _ride(vocal: Audio, total: Audio, score: Score, settings: profile.Profile, notes: Notes) -> None:
    """Ride the lead against the sum of the others in place and add it to that sum."""
    ride = riding.vocal_ride(vocal, riding.band_power(total), score, settings.riding, notes.at("ride"))
    curve = (10 ** (ride / 20)).astype(np.float32)
    apply_curve(vocal, curve, float(curve[0]))
    total += vocal
