"""What was heard in a recording, carried along into songs that are made of it.

A song in which a recording goes on sounding still knows of it what was heard: its beats, its tuning, who sings in it,
and how sure all that is.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from descant.song.transcription import (
    HeardChord,
    HeardNote,
    HeardSection,
    HeardVoice,
    HeardWord,
    Transcription,
)

_EDGE = 1e-6  # seconds


class _Begins(Protocol):
    @property
    def start(self) -> float:
        """Second at which a fact begins."""


_F = TypeVar("_F", bound=_Begins)
_S = TypeVar("_S", HeardNote, HeardVoice, HeardWord, HeardChord, HeardSection)


def until(heard: Transcription, stop: float) -> Transcription:
    """Return what is heard of a recording that is left at a second."""
    beats = tuple(beat for beat in heard.beats if beat < stop - _EDGE)
    return msgspec.structs.replace(
        heard,
        seconds=min(heard.seconds, stop),
        beats=beats,
        downbeats=tuple(number for number in heard.downbeats if number < len(beats)),
        chords=_cut(heard.chords, stop),
        sections=_cut(heard.sections, stop),
        melody=_cut(heard.melody, stop),
        bass=_cut(heard.bass, stop),
        notes=_cut(heard.notes, stop),
        drums=_begun(heard.drums, lambda start: start < stop - _EDGE),
        voices=_cut(heard.voices, stop),
        words=_cut(heard.words, stop),
    )


def within(heard: Transcription, kept: Sequence[tuple[float, float]]) -> Transcription:
    """Return what is heard of a recording of which some stretches (seconds, rising) are kept where they were.

    Between them its beats, harmony and form are taken to go on; notes, strokes, voices and words are not.
    """

    def sounds(start: float) -> bool:
        return any(left - _EDGE <= start < right - _EDGE for left, right in kept)

    return msgspec.structs.replace(
        heard,
        melody=_begun(heard.melody, sounds),
        bass=_begun(heard.bass, sounds),
        notes=_begun(heard.notes, sounds),
        drums=_begun(heard.drums, sounds),
        voices=_sounding(heard.voices, kept),
        words=_begun(heard.words, sounds),
    )


def _begun(facts: tuple[_F, ...], sounds: Callable[[float], bool]) -> tuple[_F, ...]:
    return tuple(fact for fact in facts if sounds(fact.start))


def _cut(spans: tuple[_S, ...], stop: float) -> tuple[_S, ...]:
    """Return the spans that begin before a second, ending there at the latest."""
    return tuple(
        msgspec.structs.replace(span, stop=min(span.stop, stop)) for span in spans if span.start < stop - _EDGE
    )


def _sounding(voices: Sequence[HeardVoice], kept: Sequence[tuple[float, float]]) -> tuple[HeardVoice, ...]:
    """Return what is kept of stretches that are sung."""
    parts = [
        msgspec.structs.replace(voice, start=max(voice.start, left), stop=min(voice.stop, right))
        for voice in voices
        for left, right in kept
    ]
    return tuple(part for part in parts if part.stop > part.start + _EDGE)
