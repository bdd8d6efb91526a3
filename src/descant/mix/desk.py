"""The desk: channels, sends, returns and side-chains that turn the parts of a role into its stem."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from descant.mix import ducking, profile, riding, strip
from descant.mix import panning as placing
from descant.mix.delay import PingPong
from descant.mix.drums import pieces
from descant.mix.finish import Echoing, Gain, Gate, Pocket, Resounding, Step, Sweeping, Width, finish
from descant.mix.levels import RATE, Audio, Curve, gain
from descant.mix.recall import Notes
from descant.mix.reverb import Reverb
from descant.song.score import Part, Role, Score, VocalPart

Perform = Callable[[Part | VocalPart, int, int], Audio]
"""Plays one part from one sample of the song to another: float32 (stop − start, 2), dry and centred."""


@dataclass
class _Keys:
    """What the drums and the lead vocal key: activity 0–1 at control rate, None while there is none."""

    kick: Curve | None = None
    vocal: Curve | None = None


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
    """The channels of one mixdown.

    Parameters
    ----------
    settings : the mix profile.
    score, perform : the song and its players.
    start, stop : the stretch that is mixed, in samples of the song; ``start`` is a multiple of the control period.
    notes : levels that are known, and where new ones are written down.
    """

    def __init__(
        self, settings: profile.Profile, score: Score, perform: Perform, start: int, stop: int, notes: Notes
    ) -> None:
        self._settings, self._perform, self._start, self._notes = settings, perform, start, notes
        self._length = stop - start
        self._score = heard_from(score, start)
        self._keys = _Keys()
        self._sends = strip.Sends(self._length)
        self._mono = np.empty((self._length, 1), np.float32)
        self._opening, self._width = riding.space(self._score, self._length, settings.space)

    def stem(self, role: Role, parts: list[Part | VocalPart], stem: Audio) -> None:
        """Fill ``stem`` (samples, 2) with the parts of a role, their room and their echo."""
        self._sends.clear()
        for part, place in zip(parts, _pans(parts, self._settings), strict=True):
            if isinstance(part, Part) and role is Role.DRUMS:
                self._kit(part, stem)
            else:
                self._part(part, place, stem)
        finish(stem, [*self._returns(role, parts), *self._side_chains(role), *self._shape(role)])
        if role is Role.LEAD_VOCAL:
            loud = self._notes.at("vocals").level("loud", lambda: ducking.loud_syllables(stem))
            self._keys.vocal = ducking.vocal_activity(stem, loud)

    def _played(self, part: Part | VocalPart, notes: Notes) -> Audio:
        """Return a part as it is played, in one channel when both were equal where the mix was first made."""
        audio = self._perform(part, self._start, self._start + self._length)
        if audio.shape != (self._length, 2):
            raise ValueError(f"part {part.name!r} came as {audio.shape}, not ({self._length}, 2)")
        folded = strip.folded(audio, self._mono)
        if folded.any():
            wide = notes.level("channels", lambda: folded.shape[1]) == 2
            return np.ascontiguousarray(audio, np.float32) if wide else folded
        return folded

    def _part(self, part: Part | VocalPart, place: float, stem: Audio) -> None:
        own, notes = self._settings.strip(part), self._notes.at(part.name)
        audio = self._played(part, notes)
        if not strip.stage(audio, notes):
            return
        audio = strip.process(audio, own, notes, self._start)
        level = notes.level("fader", lambda: strip.fader(audio, own))
        where = notes.level("place", lambda: place)
        strip.deliver(audio, own, where, strip.factor(level), stem, self._sends)

    def _kit(self, part: Part, stem: Audio) -> None:
        """Play a kit piece by piece: the pieces keep their balance but for each strip's level."""
        kit, notes = self._settings.strip(part), self._notes.at(part.name)
        dry, apart = np.zeros((self._length, 2), np.float32), strip.Sends(self._length)
        for name, piece in pieces(part):
            self._piece(piece, name, notes.at(name), dry, apart)
        sent = strip.factor(notes.level("sent", lambda: strip.fader(dry, kit)))
        strip.bind(dry, self._settings.kit, notes.at("bus"))
        bound = strip.factor(notes.level("fader", lambda: strip.fader(dry, kit)))
        placing.place(dry, stem, bound, bound, 1.0)
        for bus in ("room", "echo"):
            send = apart.get(bus)
            if send is not None:
                self._sends.add(bus, send, sent)

    def _piece(self, piece: Part, name: str, notes: Notes, dry: Audio, apart: strip.Sends) -> None:
        own = self._settings.strip(piece, name)
        audio = self._played(piece, notes)
        staging = strip.stage(audio, notes)
        if not staging:
            return
        audio = strip.process(audio, own, notes, self._start)
        if name == "kick":
            usual = notes.level("hit", lambda: ducking.usual_hit(audio))
            self._keys.kick = ducking.kick_activity(audio, usual)
        strip.deliver(audio, own, own.pan, gain(own.trim) / staging, dry, apart)

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
            room = Reverb(self._settings.rooms[own.room])
            steps.append(Resounding(sent, room, self._opening, self._gate(role, own, sent)))
        return steps

    def _gate(self, role: Role, own: profile.Strip, sent: Audio) -> Gate | None:
        if not own.gate:
            return None
        hardest = self._notes.at(role.value).level("hardest", lambda: float(np.abs(sent).max()))
        return Gate(own.gate, hardest)

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
