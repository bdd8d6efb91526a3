"""From a score and its players to a master and stems that sum to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from descant.mix import ducking, mastering, profile, riding, strip
from descant.mix import panning as placing
from descant.mix.delay import PingPong
from descant.mix.drums import pieces
from descant.mix.finish import Echoing, Gain, Pocket, Resounding, Step, Sweeping, Width, finish
from descant.mix.levels import Audio, Curve, apply_curve, gain, set_aside
from descant.mix.reverb import Reverb
from descant.song.score import Part, Role, Score, VocalPart

Perform = Callable[[Part | VocalPart], Audio]
"""Plays one part over the whole length: float32 (length, 2), dry and centred."""

Allocate = Callable[[tuple[int, int]], Audio]
"""Gives a zeroed float32 array for a stem; a memory map keeps stems out of memory."""

Report = Callable[[float, str], None]
"""Takes progress 0–1 and what is being done."""

ORDER = (Role.DRUMS, Role.LEAD_VOCAL, *(role for role in Role if role not in (Role.DRUMS, Role.LEAD_VOCAL)))
"""Drums and lead vocal first: they key the side-chains of the rest."""


@dataclass(frozen=True)
class Mixdown:
    """A finished mix: ``master`` (samples, 2), a stem for each role that plays, and what was measured on the master.

    The master is the float32 sum of the stems. ``loudness`` in LUFS, ``true_peak`` in dBTP.
    """

    master: Audio
    stems: dict[Role, Audio]
    loudness: float
    true_peak: float


@dataclass
class _Keys:
    """What the drums and the lead vocal key: activity 0–1 at control rate, None while there is none."""

    kick: Curve | None = None
    vocal: Curve | None = None


def _memory(shape: tuple[int, int]) -> Audio:
    return np.zeros(shape, np.float32)


def _pans(parts: Sequence[Part | VocalPart], settings: profile.Profile) -> list[float]:
    """Return each part's place in the stereo field.

    Several parts with one sound (two takes of a guitar, a choir of one voice) fan out over their strip's spread.
    Different sounds of one role stand on alternate sides. A part alone in its role stands at its strip's pan.
    """
    sounds = [part.instrument if isinstance(part, Part) else "voice" for part in parts]
    groups = list(dict.fromkeys(sounds))
    places = []
    for k, (part, sound) in enumerate(zip(parts, sounds, strict=True)):
        own, takes = settings.strip(part), sounds.count(sound)
        if takes > 1:
            places.append(own.spread * (2 * sounds[:k].count(sound) / (takes - 1) - 1))
        elif len(groups) > 1:
            places.append(max(abs(own.pan), own.spread * 0.65) * (-1) ** (groups.index(sound) + 1))
        else:
            places.append(own.pan)
    return [float(place) for place in places]


class _Desk:
    """The channels of one mixdown: turns the parts of a role into its stem."""

    def __init__(self, settings: profile.Profile, score: Score, perform: Perform, length: int) -> None:
        self._settings, self._score, self._perform, self._length = settings, score, perform, length
        self._keys = _Keys()
        self._sends = strip.Sends(length)
        self._mono = np.empty((length, 1), np.float32)
        self._opening, self._width = riding.space(score, length, settings.space)

    def stem(self, role: Role, parts: list[Part | VocalPart], stem: Audio) -> None:
        """Fill ``stem`` (length, 2) with the parts of a role, their room and their echo."""
        self._sends.clear()
        for part, place in zip(parts, _pans(parts, self._settings), strict=True):
            if isinstance(part, Part) and role is Role.DRUMS:
                self._kit(part, stem)
            else:
                self._part(part, place, stem)
        finish(stem, [*self._returns(role, parts), *self._side_chains(role), *self._shape(role)])
        if role is Role.LEAD_VOCAL:
            self._keys.vocal = ducking.vocal_activity(stem)

    def _played(self, part: Part | VocalPart) -> Audio:
        audio = self._perform(part)
        if audio.shape != (self._length, 2):
            raise ValueError(f"part {part.name!r} came as {audio.shape}, not ({self._length}, 2)")
        return strip.folded(audio, self._mono)

    def _part(self, part: Part | VocalPart, place: float, stem: Audio) -> None:
        own = self._settings.strip(part)
        audio = self._played(part)
        if strip.stage(audio):
            audio = strip.process(audio, own)
            strip.deliver(audio, own, place, strip.fader(audio, own), stem, self._sends)

    def _kit(self, part: Part, stem: Audio) -> None:
        """Play a kit piece by piece: the pieces keep their balance but for each strip's level."""
        kit = self._settings.strip(part)
        dry, apart = np.zeros((self._length, 2), np.float32), strip.Sends(self._length)
        for name, piece in pieces(part):
            own = self._settings.strip(part, name)
            audio = self._played(piece)
            staging = strip.stage(audio)
            if not staging:
                continue
            audio = strip.process(audio, own)
            if name == "kick":
                self._keys.kick = ducking.kick_activity(audio)
            strip.deliver(audio, own, own.pan, gain(own.trim) / staging, dry, apart)
        level = strip.fader(dry, kit)
        strip.bind(dry, self._settings.kit)
        bound = strip.fader(dry, kit)
        placing.place(dry, stem, bound, bound, 1.0)
        for bus in ("room", "echo"):
            sent = apart.get(bus)
            if sent is not None:
                self._sends.add(bus, sent, level)

    def _returns(self, role: Role, parts: list[Part | VocalPart]) -> list[Step]:
        own, echo = self._settings.stem(role), self._settings.echo
        steps: list[Step] = []
        sent = self._sends.get("echo")
        if sent is not None:
            seconds = echo.beats * 60 / self._score.tempo_map.bpm(0.0)
            ride = self._opening
            for part in parts:
                if own.throw and isinstance(part, VocalPart):
                    ride = ride * riding.throws(part, self._score, self._length, own.throw)
            steps.append(Echoing(sent, PingPong(seconds, echo.feedback, echo.low_cut, echo.high_cut), ride))
        sent = self._sends.get("room")
        if sent is not None:
            steps.append(Resounding(sent, Reverb(self._settings.rooms[own.room]), self._opening, own.gate))
        return steps

    def _side_chains(self, role: Role) -> list[Step]:
        own, keys = self._settings.stem(role), self._keys
        steps: list[Step] = []
        if own.kick_duck and keys.kick is not None:
            steps.append(Gain(ducking.ducking(keys.kick, own.kick_duck, 0.003, own.kick_release)))
        if role is not Role.LEAD_VOCAL and keys.vocal is not None:
            if own.vocal_duck:
                steps.append(Gain(ducking.ducking(keys.vocal, own.vocal_duck, 0.04, 0.35)))
            if own.pocket:
                steps.append(Pocket(keys.vocal, own.pocket))
        return steps

    def _shape(self, role: Role) -> list[Step]:
        top = self._settings.stem(role).sweep
        corner = riding.sweep(self._score, self._length, top) if top else None
        sweeping: list[Step] = [] if corner is None else [Sweeping(corner)]
        return [*sweeping, Width(self._width)]


def mix(
    score: Score,
    profile_name: str,
    seed: int,
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
    seed : the song's seed; nothing in a mix is drawn yet, so equal inputs give equal samples whatever it is.
    perform : called once for each part, and for a drum part once for each of its pieces with only that piece's notes.
    length : samples of the whole song, the ring of its last note included.
    allocate : where stems live.

    Raises
    ------
    ValueError : when there is no such profile, or a part is played at another length.
    """
    settings = profile.load(profile_name)
    report = progress or (lambda _share, _step: None)
    everyone: tuple[Part | VocalPart, ...] = (*score.parts, *score.vocals)
    roles = {role: [part for part in everyone if part.role is role] for role in ORDER}
    playing = [role for role in ORDER if roles[role]]
    desk = _Desk(settings, score, perform, length)
    places: dict[Role, Audio] = {}
    stems: dict[Role, Audio] = {}
    total = np.zeros((length, 2), np.float32)
    for count, role in enumerate(playing):
        places[role] = allocate((length, 2))
        stems[role] = np.asarray(places[role])
        desk.stem(role, roles[role], stems[role])
        if role is not Role.LEAD_VOCAL:
            total += stems[role]
        set_aside(places[role])
        report(0.8 * (count + 1) / len(playing), "mixing")
    if Role.LEAD_VOCAL in stems:
        _ride(stems[Role.LEAD_VOCAL], total, score, settings)
    chain, loudness, true_peak = mastering.master(total, score, settings.bus)
    total[:] = 0.0
    for role in playing:
        chain.apply(stems[role], total)
        set_aside(places[role])
    report(1.0, "mastering")
    return Mixdown(total, stems, loudness, true_peak)


def _ride(vocal: Audio, total: Audio, score: Score, settings: profile.Profile) -> None:
    """Ride the lead against the sum of the others in place and add it to that sum."""
    ride = riding.vocal_ride(vocal, riding.band_power(total), score, settings.riding)
    curve = (10 ** (ride / 20)).astype(np.float32)
    apply_curve(vocal, curve, float(curve[0]))
    total += vocal
