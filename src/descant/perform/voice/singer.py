"""Singing a vocal part: the room's front door.

Each phrase is spoken once by the voice's source (and stored), laid on its notes, given a pitch and sounded from
itself alone. A window of the part is the sum of the phrases that reach into it, so any window equals the same window
of the whole.
"""

import threading
from collections import OrderedDict
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.perform.voice import ensemble, excitation, frames, pitch, store, synthesis, timing
from descant.perform.voice.breath import GAP, breath
from descant.perform.voice.delivery import Delivery, delivery
from descant.perform.voice.ensemble import Take
from descant.perform.voice.excitation import HOP, SAMPLE_RATE
from descant.perform.voice.sources import open_source, roads
from descant.perform.voice.spoken import FRAME, LineText, SpokenLine
from descant.perform.voice.voices import Timbre, Voice
from descant.song.document import WordTime
from descant.song.score import Phrase, Score, VocalPart
from descant.song.streams import stream

AUTO_TUNE = "auto-tune"
VOCODER = "vocoder"
"""Effects: the voice drawn onto its notes, and its words spoken by oscillators that stand on them."""

VOCODER_BREATH = 0.02

MARGIN = 0.03
"""Seconds of frames before the first sound and after the last."""

KEPT_PHRASES = 48
"""Rendered phrases kept in memory, so that neighbouring windows do not render a phrase twice."""

_rendered: OrderedDict[tuple[object, ...], tuple[int, NDArray[np.float32]]] = OrderedDict()
_lock = threading.Lock()


def render(
    part: VocalPart, score: Score, seed: int, start: int, stop: int, cache: Path | None = None
) -> NDArray[np.float32]:
    """Return samples ``start`` to ``stop`` of a vocal part, dry: all its :func:`~ensemble.takes` where they stand.

    Parameters
    ----------
    part, score : what to sing, and the song it belongs to.
    seed : the song's seed.
    start, stop : samples at 48 kHz from the first sample of the audio.
    cache : folder of spoken lines, shared by all songs; None keeps them in memory only.

    Returns
    -------
    float32 (stop − start, 2). A vowel at velocity 100 is at −20 dBFS (RMS).

    Raises
    ------
    VoiceError : when a speech program is missing or fails, or the score holds an unknown sound or voice.
    """
    out = np.zeros((stop - start, 2), np.float32)
    wanted = [phrase for phrase in part.phrases if phrase.notes and _reaches(phrase, score, start, stop)]
    for take in ensemble.takes(part):
        for phrase, line in zip(wanted, _spoken(wanted, take.voice, cache), strict=True):
            origin, sound = _phrase(phrase, line, take, score, seed)
            low, high = max(origin, start), min(origin + sound.size, stop)
            if low < high:
                out[low - start : high - start] += sound[low - origin : high - origin, None] * take.sides
    return out


def word_times(part: VocalPart, score: Score, seed: int = 0, cache: Path | None = None) -> tuple[WordTime, ...]:
    """Return when each word of a part is heard, from the same layout that sounds it.

    ``line`` counts the phrases of each section. Parameters and errors are those of :func:`render`.
    """
    first = ensemble.takes(part)[0]
    sung = [phrase for phrase in part.phrases if phrase.notes]
    times: list[WordTime] = []
    counted: dict[int, int] = {}
    for phrase, line in zip(sung, _spoken(sung, first.voice, cache), strict=True):
        number = counted.get(phrase.section, 0)
        counted[phrase.section] = number + 1
        for word, begin, end in _layout(phrase, line, first, score, seed).words():
            text = phrase.words[word].text
            times.append(
                WordTime(text, round(float(begin), 4), round(float(end), 4), phrase.section, number, str(part.role))
            )
    return tuple(times)


def prepare(part: VocalPart, cache: Path | None = None) -> int:
    """Have the sources speak every line of a part that is not stored yet, in one go; return how many were new."""
    phrases = [phrase for phrase in part.phrases if phrase.notes]
    new = 0
    for voice in dict.fromkeys(take.voice for take in ensemble.takes(part)):
        new += sum(store.find(key, cache) is None for key in {_key(phrase, voice) for phrase in phrases})
        _spoken(phrases, voice, cache)
    return new


def forget() -> None:
    """Empty the memory of rendered phrases."""
    with _lock:
        _rendered.clear()


def _reaches(phrase: Phrase, score: Score, start: int, stop: int) -> bool:
    first, _ = score.performed(phrase.notes[0])
    _, last = score.performed(phrase.notes[-1])
    return (last + 1.0) * SAMPLE_RATE > start and (first - phrase.breath - 1.5) * SAMPLE_RATE < stop


def _source(phrase: Phrase, voice: Voice) -> str:
    """Return the name of the source that says a phrase for a voice."""
    return roads.road(voice.source, phrase.language)


def _text(phrase: Phrase, voice: Voice) -> LineText:
    """Return a phrase's sounds as that source says them."""
    return roads.text_of(phrase.words, phrase.language, voice.source)


def _key(phrase: Phrase, voice: Voice) -> str:
    """Return the name under which a phrase as that source says it is stored."""
    return _text(phrase, voice).key(open_source(_source(phrase, voice)).name)


def _spoken(phrases: list[Phrase], voice: Voice, cache: Path | None) -> list[SpokenLine]:
    """Return the spoken line of each phrase, asking each source once for all of its that are not stored."""
    keys = [_key(phrase, voice) for phrase in phrases]
    known = {key: line for key in dict.fromkeys(keys) if (line := store.find(key, cache)) is not None}
    missing: dict[str, dict[str, LineText]] = {}
    for key, phrase in zip(keys, phrases, strict=True):
        if key not in known:
            missing.setdefault(_source(phrase, voice), {})[key] = _text(phrase, voice)
    for source, texts in missing.items():
        for key, line in zip(texts, open_source(source).speak(list(texts.values())), strict=True):
            store.keep(key, line, cache)
            known[key] = line
    return [known[key] for key in keys]


def _stream_name(part: VocalPart, phrase: Phrase) -> str:
    return f"voice.{part.name}.{phrase.notes[0].start:.4f}"


def _layout(phrase: Phrase, line: SpokenLine, take: Take, score: Score, seed: int) -> timing.PhraseTiming:
    shifts = ensemble.lateness(take, len(phrase.notes), seed, _stream_name(take.part, phrase))
    text = _text(phrase, take.voice)
    return timing.lay_out(timing.sung_syllables(phrase, score, shifts, text), line, text.accents)


def _phrase(phrase: Phrase, line: SpokenLine, take: Take, score: Score, seed: int) -> tuple[int, NDArray[np.float32]]:
    """Return (first sample, mono sound) of a phrase, from memory when it was rendered a moment ago."""
    part = take.part
    key = (phrase, part.name, part.role, part.effects, take.voice, seed, score.tempo, score.lead_in)
    with _lock:
        held = _rendered.get(key)
    if held is not None:
        return held
    made = _sound(phrase, line, take, score, seed)
    with _lock:
        _rendered[key] = made
        while len(_rendered) > KEPT_PHRASES:
            _rendered.popitem(last=False)
    return made


def _melody(
    laid: timing.PhraseTiming,
    line: SpokenLine,
    times: NDArray[np.float64],
    way: Delivery,
    take: Take,
    seed: int,
    name: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the pitch of a phrase in cents, and the vibrato in it."""
    manner = take.voice.manner.pitch
    if way.talk:
        return pitch.spoken_curve(laid, line, times, way.talk, manner, seed, name), np.zeros_like(times)
    if AUTO_TUNE in take.part.effects or VOCODER in take.part.effects:
        return pitch.tuned_curve(laid, times), np.zeros_like(times)
    sway = pitch.vibrato_curve(laid, times, manner, seed, name)
    cents = pitch.sung_curve(laid, line, times, manner, seed, name) + sway
    return (cents - pitch.called(laid, times, way.call) if way.call else cents), sway


def sounded(
    laid: timing.PhraseTiming,
    line: SpokenLine,
    times: NDArray[np.float64],
    melody: tuple[NDArray[np.float64], NDArray[np.float64]],
    timbre: Timbre,
    voice: Voice,
    seed: int,
    name: str,
    effects: tuple[str, ...] = (),
) -> NDArray[np.float32]:
    """Return the sound of a line as laid out, its first sample at the first of ``times``.

    Parameters
    ----------
    laid, line : the phrase as laid out, and the line it came from.
    times : seconds, every 5 ms.
    melody : cents above MIDI note 0 at ``times``, and the vibrato in them.
    timbre, voice : how it sounds, and who it is.
    seed, name : key of the phrase's random streams.
    effects : of the part; :data:`VOCODER` changes what drives the tract.
    """
    cents, sway = melody
    if VOCODER in effects:
        timbre = msgspec.structs.replace(timbre, breath=min(timbre.breath, VOCODER_BREATH))
    built = frames.build(laid, line, times, cents, sway, timbre, voice.range.passage, seed, name)
    phase = excitation.phase_of(cents)
    voiced = np.interp(np.arange(phase.size), np.arange(times.size) * HOP, built.voiced)
    train = (
        excitation.carrier(cents)
        if VOCODER in effects
        else excitation.pulses(phase, seed, name, timbre.roughness, timbre.growl)
    )
    air = excitation.noise(phase, voiced, seed, name)
    scatter = synthesis.dispersion_of(stream(0, f"voice.{voice.name}.dispersion"), timbre.dispersion)
    return synthesis.synthesise(built.spectrum, built.breath, train, air, scatter)


def _sound(phrase: Phrase, line: SpokenLine, take: Take, score: Score, seed: int) -> tuple[int, NDArray[np.float32]]:
    laid, voice = _layout(phrase, line, take, score, seed), take.voice
    name, timbre = _stream_name(take.part, phrase), delivery(phrase.delivery).timbre(ensemble.throat(take, seed))
    origin = int(np.floor((laid.start - MARGIN) * SAMPLE_RATE))
    count = int(np.ceil((laid.stop + MARGIN - origin / SAMPLE_RATE) / FRAME)) + 1
    times = np.asarray(origin / SAMPLE_RATE + FRAME * np.arange(count), np.float64)
    way = delivery(phrase.delivery)
    cents, sway = _melody(laid, line, times, way, take, seed, name)
    sound = sounded(laid, line, times, (cents, sway), timbre, voice, seed, name, take.part.effects)
    if phrase.breath <= 0:
        return origin, sound
    drawn = breath(phrase.breath, timbre.warp, seed, f"{name}.inhale")
    before = int((laid.start - GAP) * SAMPLE_RATE) - drawn.size
    begin = min(before, origin)
    whole = np.zeros(origin + sound.size - begin, np.float32)
    whole[before - begin : before - begin + drawn.size] += drawn
    whole[origin - begin :] += sound
    return begin, whole
