"""Channels: parts read from their players stretch by stretch, processed, and handed on in time.

A channel keeps the state of its strip from one stretch to the next. Processors that delay are fed that much ahead, so
what is handed on is where it was played. Work goes by units of fixed places in the song, whatever the stretches: a
part gives the same samples in one stretch and in many.
"""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from descant.mix import ducking, strip
from descant.mix import panning as placing
from descant.mix.drums import pieces
from descant.mix.levels import CONTROL, Audio, Curve, gain, periods
from descant.mix.profile import Profile, Strip
from descant.mix.recall import Notes
from descant.song.score import Part, VocalPart

Perform = Callable[[Part | VocalPart, int, int], Audio]
"""Plays one part from one sample of the song to another: float32 (stop − start, 2), dry and centred."""

Piece = tuple[int, Audio]
"""Samples, and the place at which they begin."""

RESTING = 3
"""Units of silence after which a strip has forgotten what was before: its slowest processors let go within half a
second."""


class Player:
    """Plays a part from front to back; behind the end there is silence.

    Parameters
    ----------
    start, stop : the samples of the song it may be asked for.
    """

    def __init__(self, perform: Perform, part: Part | VocalPart, start: int, stop: int) -> None:
        self._perform, self._part, self._at, self._stop = perform, part, start, stop

    def play(self, samples: int) -> Audio:
        """Return the next samples (samples, 2).

        Raises
        ------
        ValueError : when the part comes at another length than was asked for.
        """
        wanted = max(0, min(samples, self._stop - self._at))
        audio = np.zeros((0, 2), np.float32)
        if wanted:
            audio = np.ascontiguousarray(self._perform(self._part, self._at, self._at + wanted), np.float32)
            if audio.shape != (wanted, 2):
                raise ValueError(f"part {self._part.name!r} came as {audio.shape}, not ({wanted}, 2)")
        self._at += samples
        return audio if wanted == samples else np.concatenate([audio, np.zeros((samples - wanted, 2), np.float32)])


class Line:
    """What was made and is not yet wanted, in order; silence takes no room."""

    def __init__(self) -> None:
        self._held: deque[tuple[int, Audio | None]] = deque()
        self.samples = 0

    def push(self, samples: int, audio: Audio | None) -> None:
        """Add so many samples: ``audio`` (samples, channels), or None for silence."""
        if samples:
            self._held.append((samples, audio))
            self.samples += samples

    def pull(self, samples: int) -> Iterator[Piece]:
        """Yield what is not silent of the next samples, and where among them it lies."""
        at = 0
        while at < samples:
            held, audio = self._held.popleft()
            taken = min(held, samples - at)
            if taken < held:
                self._held.appendleft((held - taken, None if audio is None else audio[taken:]))
            if audio is not None:
                yield at, audio[:taken]
            at += taken
        self.samples -= samples


class _Units:
    """The units in which a channel is made: the first reaches ahead by what its processors delay."""

    def __init__(self, unit: int, late: int) -> None:
        self._unit, self.late = unit, late
        self._first = periods(late) * CONTROL
        self.begun = False

    def covering(self, held: int, wanted: int) -> list[int]:
        """Return the lengths of the units to make so that ``wanted`` samples are there."""
        lengths: list[int] = []
        while held + sum(lengths) - (0 if self.begun else self.late) < wanted:
            first = not self.begun and not lengths
            lengths.append(self._unit + (self._first if first else 0))
        return lengths


class Channel:
    """One part, or one piece of a kit, and its strip.

    Parameters
    ----------
    player : plays it. ``own``: its strip. ``notes``: its levels.
    start : the sample of the song at which it begins.
    unit : samples made at a time, a multiple of the control period.
    lean : LU by which the part is louder here than on the whole: counts when it is measured.
    """

    def __init__(self, player: Player, own: Strip, notes: Notes, start: int, unit: int, lean: float = 0.0) -> None:
        self._lean = lean
        self._player, self._own, self._notes, self._clock = player, own, notes, start
        self._units, self._line = _Units(unit, strip.lateness(own)), Line()
        self._chain: strip.Chain | None = None
        self._silent = 0
        self.staging = 0.0
        """The factor that brought it to its strip's level; 0 while it was never heard."""

    def pull(self, samples: int) -> Iterator[Piece]:
        """Yield what is not silent of the next samples, processed, (samples, 1 or 2), and where among them it lies."""
        self.make(samples)
        return self._line.pull(samples)

    def make(self, samples: int) -> None:
        """Play and process what is missing of the next samples, all at once: players are best at long stretches."""
        lengths = self._units.covering(self._line.samples, samples)
        played, at = self._player.play(sum(lengths)), 0
        for length in lengths:
            made = self._made(played[at : at + length])
            skip = 0 if self._units.begun else self._units.late
            self._line.push(length - skip, None if made is None else made[skip:])
            self._units.begun = True
            at += length

    def _made(self, played: Audio) -> Audio | None:
        """Return a unit processed; None for silence that follows silence."""
        clock, self._clock = self._clock, self._clock + len(played)
        sounds = bool(played.any())
        self._silent = 0 if sounds else self._silent + 1
        if self._silent > RESTING:
            self._chain = None
        if self._chain is None and not sounds:
            return None
        audio = self._folded(played)
        if sounds:
            self.staging = strip.stage(audio, self._notes, lean=self._lean) or self.staging
        if not self.staging:
            return None
        if self._chain is None:
            self._chain = strip.Chain(self._own, audio.shape[1], self._notes, clock)
        return self._chain.process(audio)

    def _folded(self, played: Audio) -> Audio:
        """Return what is played, in one channel where both were equal when its levels were found."""
        channels = self._notes.level("channels", lambda: 1.0 if strip.centred(played) else 2.0)
        if channels == 2:
            return played
        return played[:, :1].copy() if strip.centred(played) else np.float32(0.5) * (played[:, :1] + played[:, 1:])


class Fader:
    """A channel brought to its level and place in the stem of its role."""

    def __init__(self, channel: Channel, own: Strip, notes: Notes, place: float, lean: float = 0.0) -> None:
        self._channel, self._own, self._notes, self._lean = channel, own, notes, lean
        self._place = notes.level("place", lambda: place)

    def deliver(self, stem: Audio, sends: strip.Sends) -> None:
        """Add the next samples to ``stem`` (samples, 2) and to what its role sends."""
        for at, audio in self._channel.pull(len(stem)):
            level = strip.factor(self._notes.level("fader", partial(strip.fader, audio, self._own, self._lean)))
            strip.deliver(audio, self._own, self._place, level, stem, sends, at)


class Kit:
    """A drum kit: its pieces on channels of their own, which keep their balance, and the bus they share.

    Parameters
    ----------
    kick : activity of the kick at control rate, for the whole mix; what is played is entered.
    start, stop : the samples of the song that are mixed.
    """

    def __init__(
        self,
        part: Part,
        settings: Profile,
        perform: Perform,
        notes: Notes,
        kick: Curve,
        window: tuple[int, int],
        unit: int,
        lean: float = 0.0,
    ) -> None:
        self._lean = lean
        self._strip, self._notes, self._kick = settings.strip(part), notes, kick
        self._pieces = []
        for name, piece in pieces(part):
            own, known = settings.strip(piece, name), notes.at(name)
            channel = Channel(Player(perform, piece, *window), own, known, window[0], unit)
            self._pieces.append((name, own, known, channel))
        self._bus = strip.KitChain(settings.kit)
        self._units, self._line, self._at = _Units(unit, self._bus.late), Line(), 0
        self._ways = {name: Line() for name in ("room", "echo")}
        self._staged = False

    def deliver(self, stem: Audio, sends: strip.Sends) -> None:
        """Add the next samples to ``stem`` (samples, 2) and to what the drums send."""
        lengths = self._units.covering(self._line.samples, len(stem))
        for _, _, _, channel in self._pieces:
            channel.make(sum(lengths))
        for length in lengths:
            self._make(length)
        for at, audio in self._line.pull(len(stem)):
            bound = strip.factor(self._notes.level("fader", partial(strip.fader, audio, self._strip, self._lean)))
            placing.place(audio, stem[at : at + len(audio)], bound, bound, 1.0)
        sent = strip.factor(self._notes.level("sent", lambda: np.nan))
        for name, line in self._ways.items():
            for at, audio in line.pull(len(stem)):
                sends.add(name, audio, sent, at)

    def _make(self, length: int) -> None:
        """Play the next unit of all pieces and bring it through the bus."""
        dry, apart = np.zeros((length, 2), np.float32), strip.Sends()
        apart.begin(length)
        for name, own, known, channel in self._pieces:
            for at, audio in channel.pull(length):
                if name == "kick":
                    self._key(audio, known, self._at + at)
                strip.deliver(audio, own, own.pan, gain(own.trim) / channel.staging, dry, apart, at)
        sounds = bool(dry.any())
        if sounds:
            self._notes.level("sent", lambda: strip.fader(dry, self._strip, self._lean))
            self._staged = bool(strip.stage(dry, self._notes.at("bus"), lean=self._lean)) or self._staged
        skip = 0 if self._units.begun else self._units.late
        # The bus lies this much behind its pieces, and so do its sends.
        self._line.push(length - skip, self._bus.process(dry)[skip:] if self._staged else None)
        for name, line in self._ways.items():
            line.push(length, apart.get(name))
        self._units.begun, self._at = True, self._at + length

    def _key(self, kick: Audio, known: Notes, at: int) -> None:
        usual = known.level("hit", lambda: ducking.usual_hit(kick))
        first = at // CONTROL
        activity = ducking.kick_activity(kick, usual)[: max(0, len(self._kick) - first)]
        self._kick[first : first + len(activity)] = activity
