"""A synthesizer's data: what the ``[synth]`` table of a preset may say.

A note is the sum of its sources (``oscillators``, ``operators``, ``string``), passed through the filter, shaped by the
amplifier's envelope, driven, and set in level by velocity. Times are in seconds, frequencies in Hz, pitch
differences in cents or semitones, levels in dB.
"""

from typing import Literal

import msgspec


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Attack, hold, decay, sustain, release.

    Attributes
    ----------
    attack : seconds of a straight rise from silence.
    hold : seconds at the peak.
    decay, release : seconds in which the level goes 60 dB of its way, to ``sustain`` and to silence.
    sustain : 0–1 of the peak.
    """

    attack: float = 0.002
    hold: float = 0.0
    decay: float = 1.0
    sustain: float = 1.0
    release: float = 0.05

    def __post_init__(self) -> None:
        if min(self.attack, self.hold) < 0 or min(self.decay, self.release) <= 0 or not 0 <= self.sustain <= 1:
            raise ValueError("an envelope needs times over 0 (attack and hold may be 0) and a sustain of 0–1")


class Oscillator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One oscillator, or a choir of them in unison.

    Attributes
    ----------
    wave : "stairs" is a triangle in 16 steps, as a games console's; "noise" is white and has no pitch.
    gain : dB. transpose : semitones; ``tune`` in cents.
    voices : how many sound in unison, ``detune`` cents from the lowest to the highest, ``spread`` 0–1 over the stereo
        field; together as loud as one.
    width : of a pulse, 0–1 of its period.
    wobble : cents by which each voice wanders ``wobble_rate`` times a second, each at its own place in the turn.
    free : whether each note begins anywhere in the wave, as on an analogue instrument, instead of at its beginning.
    """

    wave: Literal["sine", "triangle", "saw", "pulse", "stairs", "noise"] = "saw"
    gain: float = 0.0
    transpose: float = 0.0
    tune: float = 0.0
    voices: int = 1
    detune: float = 0.0
    spread: float = 0.0
    width: float = 0.5
    wobble: float = 0.0
    wobble_rate: float = 0.6
    free: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.voices <= 9 or not 0.02 <= self.width <= 0.98 or not 0 <= self.spread <= 1:
            raise ValueError("an oscillator has 1–9 voices, a width of 0.02–0.98 and a spread of 0–1")


class Operator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sine that is heard, or that bends the phase of a later operator.

    Attributes
    ----------
    ratio : its frequency as a multiple of the note's; ``tune`` in cents.
    into : place in the list of the operator it modulates (a later one), or −1 when it is heard.
    level : what is heard of it, linear; or, of a modulator, the greatest phase it adds, in radians.
    velocity : how much of the level goes when velocity falls from 127 to 0, 0–1.
    key : dB the level falls with each octave above middle C (and rises below).
    feedback : radians of its own last output.
    envelope : how the level moves.
    """

    ratio: float = 1.0
    tune: float = 0.0
    into: int = -1
    level: float = 1.0
    velocity: float = 0.0
    key: float = 0.0
    feedback: float = 0.0
    envelope: Envelope = Envelope()


class String(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plucked string (a noise burst in a damped delay line).

    Attributes
    ----------
    gain : dB.
    decay : seconds in which middle C falls by 60 dB; higher notes are shorter.
    brightness : 0–1, how slowly its upper partials die.
    pick : cutoff in Hz of the pluck at velocity 127; ``velocity`` cents it falls to velocity 0.
    place : where on its length it is plucked, 0–1.
    """

    gain: float = 0.0
    decay: float = 4.0
    brightness: float = 0.5
    pick: float = 8000.0
    velocity: float = 3600.0
    place: float = 0.21


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state-variable filter.

    Attributes
    ----------
    mode : which of its outputs is heard.
    slope : dB an octave, 12 or 24.
    cutoff : Hz at middle C, at velocity 127, with the envelope at rest.
    resonance : Q at the cutoff; 0.71 is flat.
    key : how far the cutoff follows the key, 0–1. velocity : cents it falls from velocity 127 to 0.
    sweep : cents the envelope adds at its peak. envelope : how that moves.
    """

    mode: Literal["low", "band", "high"] = "low"
    slope: Literal[12, 24] = 24
    cutoff: float = 20000.0
    resonance: float = 0.71
    key: float = 0.0
    velocity: float = 0.0
    sweep: float = 0.0
    envelope: Envelope = Envelope(attack=0.0, decay=0.5, sustain=0.0)


class Lfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A slow oscillator, begun with each note.

    Attributes
    ----------
    rate : Hz. delay : seconds before it, ``fade`` seconds in which it comes in.
    wave : its form; ``free``, whether it begins anywhere in its turn.
    vibrato, filter : cents either way; ``width`` of a pulse either way; ``tremolo`` dB below full at its lowest.
    """

    rate: float = 5.0
    delay: float = 0.0
    fade: float = 0.0
    wave: Literal["sine", "triangle"] = "sine"
    free: bool = False
    vibrato: float = 0.0
    filter: float = 0.0
    width: float = 0.0
    tremolo: float = 0.0


class Bend(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note's pitch arriving from ``semitones`` away, 60 dB of the way in ``time`` seconds."""

    semitones: float = 0.0
    time: float = 0.1


class Journey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What moves evenly from a note's beginning to its end, however long it is (risers, falls).

    Attributes
    ----------
    pitch : semitones away at the beginning and at the end.
    cutoff : cents away at the beginning and at the end.
    level : dB at the beginning and at the end.
    """

    pitch: tuple[float, float] = (0.0, 0.0)
    cutoff: tuple[float, float] = (0.0, 0.0)
    level: tuple[float, float] = (0.0, 0.0)


class Patch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A synthesizer's sound.

    Attributes
    ----------
    oscillators, operators, string : what sounds.
    filter, amp, lfos, bend, journey : what shapes it.
    mono : whether a note ends the one before it; ``glide`` seconds in which the pitch then comes from that note's,
        where the two overlap.
    drive : dB into saturation (0 for none), after the amplifier.
    dynamics : range of loudness between velocities as a part of the 40 dB a tenfold velocity gives.
    """

    oscillators: tuple[Oscillator, ...] = ()
    operators: tuple[Operator, ...] = ()
    string: String | None = None
    filter: Filter | None = None
    amp: Envelope = Envelope()
    lfos: tuple[Lfo, ...] = ()
    bend: Bend = Bend()
    journey: Journey = Journey()
    mono: bool = False
    glide: float = 0.0
    drive: float = 0.0
    dynamics: float = 0.6

    def __post_init__(self) -> None:
        if not (self.oscillators or self.operators or self.string):
            raise ValueError("a synth needs an oscillator, an operator or a string")
        for place, operator in enumerate(self.operators):
            if operator.into != -1 and not place < operator.into < len(self.operators):
                raise ValueError(f"operator {place} must modulate a later one, not {operator.into}")
        if self.operators and all(operator.into >= 0 for operator in self.operators):
            raise ValueError("no operator is heard")

    @property
    def stereo(self) -> bool:
        """Whether its two channels differ."""
        return any(oscillator.spread and oscillator.voices > 1 for oscillator in self.oscillators)
