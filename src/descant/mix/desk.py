"""The desk: channels, sends, returns and side-chains that turn the parts of each role into its stem.

It mixes a song from front to back, in stretches of any number of :data:`~descant.mix.levels.CHUNK` samples, and keeps
the state of everything from one to the next: many stretches give the samples of one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import msgspec
import numpy as np

from descant.mix import ducking, profile, riding, strip
from descant.mix.channel import Channel, Fader, Kit, Perform, Player
from descant.mix.delay import PingPong
from descant.mix.drums import pieces
from descant.mix.ducking import Ducker
from descant.mix.finish import Ducking, Echoing, Finisher, Gate, Pocket, Resounding, Step, Sweeping, Width
from descant.mix.levels import CONTROL, RATE, Audio, Curve, periods
from descant.mix.recall import Notes
from descant.mix.reverb import Reverb
from descant.song.score import Part, Role, Score, VocalPart

ORDER = (Role.DRUMS, Role.LEAD_VOCAL, *(role for role in Role if role not in (Role.DRUMS, Role.LEAD_VOCAL)))
"""Drums and lead vocal first: they key the side-chains of the rest."""


@dataclass(frozen=True)
class _Keys:
    """What the drums and the lead vocal key: activity 0–1 at control rate, for the whole mix; None without a kick."""

    kick: Curve | None
    vocal: Curve


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


def heard_from(score: Score, start: int) -> Score:
    """Return the score with its times counted from sample ``start`` of the song."""
    return msgspec.structs.replace(score, lead_in=score.lead_in - start / RATE)


class Desk:
    """The channels of one mix.

    Parameters
    ----------
    settings : the mix profile.
    score, perform : the song and its players.
    start, stop : the samples of the song that are mixed; ``start`` is a multiple of the control period.
    notes : levels that are known, and where new ones are written down.
    unit : samples that are made at a time, a multiple of the control period; what is not known is measured on the
        first of them with sound.
    leans : by how many LU parts, by name, are louder in what is mixed than on the whole; what is measured counts as
        that much softer.
    """

    def __init__(
        self,
        settings: profile.Profile,
        score: Score,
        perform: Perform,
        window: tuple[int, int],
        notes: Notes,
        unit: int,
        leans: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self._settings, self._perform, self._window, self._notes = settings, perform, window, notes
        self._leans = leans
        self._unit, self._length = unit, window[1] - window[0]
        self._score = heard_from(score, window[0])
        everyone: tuple[Part | VocalPart, ...] = (*score.parts, *score.vocals)
        self._parts = {role: [part for part in everyone if part.role is role] for role in ORDER}
        self.roles = tuple(role for role in ORDER if self._parts[role])
        self._keys = self._made_keys()
        self._sends = strip.Sends()
        self._opening, self._width = riding.space(self._score, self._length, settings.space)
        self._faders = {role: self._made_faders(role) for role in self.roles}
        self._finishers = {role: self._finisher(role) for role in self.roles}
        self.at = 0
        """Samples mixed so far."""

    def mix(self, stems: Mapping[Role, Audio]) -> None:
        """Fill the next stretch of each role's stem (samples, 2), which is silent, all of the same length."""
        samples = 0
        for role in self.roles:
            stem = stems[role]
            samples = len(stem)
            self._sends.begin(samples)
            for fader in self._faders[role]:
                fader.deliver(stem, self._sends)
            self._finishers[role].finish(stem, self.at)
            if role is Role.LEAD_VOCAL:
                self._key(stem)
        self.at += samples

    def suppose_singing(self) -> None:
        """Have the lead sing all the time, unheard: everything makes way for it."""
        self._keys.vocal[:] = 1.0

    def _made_keys(self) -> _Keys:
        def curve() -> Curve:
            return np.zeros(periods(self._length), np.float32)

        kits = self._parts[Role.DRUMS]
        kicked = any(name == "kick" for part in kits if isinstance(part, Part) for name, _ in pieces(part))
        return _Keys(curve() if kicked else None, curve())

    def _key(self, lead: Audio) -> None:
        """Note where the lead sings."""
        if lead.any():
            loud = self._notes.at("vocals").level("loud", lambda: ducking.loud_syllables(lead))
            activity = ducking.vocal_activity(lead, loud)
            first = self.at // CONTROL
            self._keys.vocal[first : first + len(activity)] = activity

    def _made_faders(self, role: Role) -> list[Fader | Kit]:
        parts = self._parts[role]
        made: list[Fader | Kit] = []
        for part, place in zip(parts, _pans(parts, self._settings), strict=True):
            own, notes, lean = self._settings.strip(part), self._notes.at(part.name), self._leans.get(part.name, 0.0)
            if isinstance(part, Part) and role is Role.DRUMS:
                kick = self._keys.kick if self._keys.kick is not None else np.zeros(0, np.float32)
                made.append(Kit(part, self._settings, self._perform, notes, kick, self._window, self._unit, lean))
            else:
                player = Player(self._perform, part, *self._window)
                channel = Channel(player, own, notes, self._window[0], self._unit, lean)
                made.append(Fader(channel, own, notes, place, lean))
        return made

    def _finisher(self, role: Role) -> Finisher:
        steps = [*self._returns(role), *self._side_chains(role), *self._shape(role)]
        return Finisher(steps, [partial(self._sends.get, name) for name in ("room", "echo")])

    def _sent(self, role: Role, level: Callable[[profile.Strip], float]) -> bool:
        """Return whether any part of a role sends to a return."""
        strips = [self._settings.strip(part) for part in self._parts[role]]
        for part in self._parts[role]:
            if isinstance(part, Part) and role is Role.DRUMS:
                strips += [self._settings.strip(piece, name) for name, piece in pieces(part)]
        return any(level(own) > strip.UNSENT for own in strips)

    def _returns(self, role: Role) -> list[Step]:
        own, echo = self._settings.stem(role), self._settings.echo
        steps: list[Step] = []
        if self._sent(role, lambda own: own.echo):
            seconds = echo.beats * 60 / self._score.tempo_map.bpm(0.0)
            ride = self._opening
            for part in self._parts[role]:
                if own.throw and isinstance(part, VocalPart):
                    ride = ride * riding.throws(part, self._score, self._length, own.throw)
            echoing = PingPong(seconds, echo.feedback, echo.low_cut, echo.high_cut)
            steps.append(Echoing(partial(self._sends.get, "echo"), echoing, ride))
        if self._sent(role, lambda own: own.send):
            room = Reverb(self._settings.rooms[own.room])
            gated = partial(self._gate, role, own) if own.gate else None
            steps.append(Resounding(partial(self._sends.get, "room"), room, self._opening, gated))
        return steps

    def _gate(self, role: Role, own: profile.Strip, sent: Audio) -> Gate:
        hardest = self._notes.at(role.value).level("hardest", lambda: float(np.abs(sent).max()))
        return Gate(own.gate, hardest)

    def _side_chains(self, role: Role) -> list[Step]:
        own, keys = self._settings.stem(role), self._keys
        steps: list[Step] = []
        if own.kick_duck and keys.kick is not None:
            steps.append(Ducking(keys.kick, Ducker(own.kick_duck, 0.003, own.kick_release)))
        if role is not Role.LEAD_VOCAL:
            if own.vocal_duck:
                steps.append(Ducking(keys.vocal, Ducker(own.vocal_duck, 0.04, 0.35)))
            if own.pocket:
                steps.append(Pocket(keys.vocal, own.pocket))
        return steps

    def _shape(self, role: Role) -> list[Step]:
        top = self._settings.stem(role).sweep
        corner = riding.sweep(self._score, self._length, top) if top else None
        sweeping: list[Step] = [] if corner is None else [Sweeping(corner)]
        return [*sweeping, Width(self._width)]
