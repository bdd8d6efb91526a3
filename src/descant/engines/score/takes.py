"""Carrying out an edit: kept audio copied sample by sample, the rest performed, and the joins faded.

Two takes meet in a short crossfade that lies in the one that was performed, so that what is kept stays as it was to
the last bit. Its gains add up to one (equal gain): around a join both takes hold the same notes, and an equal-power
fade would swell where they agree. Stems are joined as the master is, so they still sum to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.edit.revision import Keep, Over, Perform, Polish, Revision
from descant.engines import protocol
from descant.engines.protocol import Progress
from descant.engines.score import blending, sampling, tuning
from descant.engines.score.recording import RATE, Studio, length, ordered, rung_out
from descant.engines.stems import stem_file
from descant.media import flac, wav
from descant.mix import loudness, polishing, profile, recall, variation
from descant.mix.levels import set_aside
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet
from descant.song.document import Song, WordTime
from descant.song.score import Role

CROSSFADE = round(0.025 * RATE)
"""Samples over which one take becomes the next: too short to be heard as two performances, too long to click."""

OPENING = round(0.003 * RATE)
"""Samples in which a song that begins in the midst of another's sound rises from silence, so that it does not click."""

Audio = NDArray[np.float32]


class Source:
    """A song that is edited: its document and the folder with its files."""

    def __init__(self, song: Song, folder: Path) -> None:
        self.song, self.folder = song, folder
        self.roles = frozenset(role for role in Role if (folder / stem_file(role.value)).exists())
        self._opened: tuple[Role | None, Audio] | None = None

    def audio(self, role: Role | None) -> Audio:
        """Return a stem, or the master for None, as it is stored; the last one asked for is held."""
        if self._opened is None or self._opened[0] != role:
            self._opened = None  # lets go of the last before the next is read
            path = self.folder / (protocol.WAV_FILE if role is None else stem_file(role.value))
            self._opened = role, (wav if role is None else flac).decode(path.read_bytes())
        return self._opened[1]


class _Sound(Protocol):
    """The audio of a take, with what came before and after it where there was anything."""

    @property
    def samples(self) -> int:
        """Length of the take."""

    @property
    def roles(self) -> frozenset[Role]:
        """The stems it has."""

    def read(self, role: Role | None, start: int, stop: int) -> Audio:
        """Return samples of a stem, or of the master for None, counted from the take's first; silence where it ends."""


def _cut(audio: Audio, start: int, stop: int) -> Audio:
    """Return samples ``start`` to ``stop``, silent where there are none."""
    low, high = max(start, 0), min(stop, len(audio))
    if (low, high) == (start, stop):
        return audio[start:stop]
    out = np.zeros((stop - start, 2), np.float32)
    if low < high:
        out[low - start : high - start] = audio[low:high]
    return out


class _Kept:
    """A stretch of a source's files."""

    def __init__(self, take: Keep, source: Source) -> None:
        whole = round(source.song.seconds * RATE)
        self._source, self._start = source, min(round(take.start * RATE), whole)
        self.samples = min(round(take.stop * RATE), whole) - self._start
        self.roles = source.roles

    def read(self, role: Role | None, start: int, stop: int) -> Audio:
        if role is not None and role not in self.roles:
            return np.zeros((stop - start, 2), np.float32)
        return _cut(self._source.audio(role), self._start + start, self._start + stop)


class _Performed:
    """A mixdown of a stretch that begins ``before`` samples before the take does."""

    def __init__(self, mixdown: Mixdown, before: int, samples: int) -> None:
        self._mixdown, self._before, self.samples = mixdown, before, samples
        self.roles = frozenset(mixdown.stems)

    def read(self, role: Role | None, start: int, stop: int) -> Audio:
        if role is not None and role not in self.roles:
            return np.zeros((stop - start, 2), np.float32)
        audio = self._mixdown.master if role is None else self._mixdown.stems[role]
        return _cut(audio, self._before + start, self._before + stop)


class _Layered:
    """A source's files with a performance over them, from the first sample of both on."""

    def __init__(self, kept: _Kept, performed: _Performed) -> None:
        self._layers = (kept, performed)
        self.samples = max(kept.samples, performed.samples)
        self.roles = kept.roles | performed.roles

    def read(self, role: Role | None, start: int, stop: int) -> Audio:
        kept, performed = (layer.read(role, start, stop) for layer in self._layers)
        return kept + performed


def carry_out(
    revision: Revision, sources: Sequence[Source], studio: Studio, progress: Progress
) -> tuple[Mixdown, tuple[WordTime, ...]]:
    """Make the audio of a revision.

    Parameters
    ----------
    sources : the songs its takes refer to by number.
    studio : performs what is not kept.

    Returns
    -------
    The whole song as a mixdown, whose recall sheet holds what those of the sources and of the new takes hold; and
    the times of its words.
    """
    sounds: list[_Sound] = []
    sheets: list[Sheet] = []
    words = list(revision.words)
    begin = 0
    for number, take in enumerate(revision.takes):
        share = _share(progress, number, len(revision.takes))
        if isinstance(take, Keep):
            sound: _Sound = _Kept(take, sources[take.source])
            sheets += _stored_sheet(sources[take.source])
        elif isinstance(take, Polish):
            sound = _polished(take, sources[take.source], studio)
            sheets += _stored_sheet(sources[take.source])
        elif isinstance(take, Over):
            sound, sheet = _lay_over(take, sources[take.source], studio, share)
            sheets += [*_stored_sheet(sources[take.source]), sheet]
            words += _sung(take.perform, sound.samples, begin, studio)
        else:
            sound, sheet = _perform(take, sources, studio, share)
            sheets.append(sheet)
            words += _sung(take, sound.samples, begin, studio)
        sounds.append(sound)
        begin += sound.samples
    mixdown = _joined(revision, sounds, studio)
    known = recall.merged(*sheets) if sheets else Sheet(profile=revision.plan.mix)
    measured, peak = loudness.integrated(mixdown.master), loudness.true_peak(mixdown.master)
    return Mixdown(mixdown.master, mixdown.stems, measured, peak, known), ordered(words)


def _share(progress: Progress, number: int, count: int) -> Progress:
    """Return a report of one of several takes."""
    return lambda done, stage: progress((number + done) / count, stage)


def _stored_sheet(source: Source) -> list[Sheet]:
    path = source.folder / protocol.RECALL_FILE
    return [recall.decode(path.read_bytes())] if path.exists() else []


def _sheet(source: Source, studio: Studio) -> Sheet:
    """Return a source's recall sheet; a song that was stored without one is mixed again to have it."""
    stored = _stored_sheet(source)
    song = source.song
    return stored[0] if stored else studio.record(song.score, song.plan.mix, song.plan.seed, lambda *_: None).recall


def _perform(take: Perform, sources: Sequence[Source], studio: Studio, progress: Progress) -> tuple[_Sound, Sheet]:
    """Perform a take with room for a crossfade on either side."""
    start = round(take.start * RATE)
    if take.balance is None:
        mixdown, before = _fitted(take, _recorded(take, studio, progress), sources), start
        if take.sampled is not None:
            recorded = sources[take.sampled.source].audio(None)
            mixdown = sampling.with_sample(mixdown, take.sampled, recorded, studio)
    else:
        before = min(start, CROSSFADE)
        stop = length(take.score) if take.stop is None else round(take.stop * RATE) + CROSSFADE
        sheet = _sheet(sources[take.balance], studio)
        mixdown = studio.record_again(take.score, sheet, take.seed, (start - before, stop), progress)
    samples = rung_out(mixdown.master) - before if take.stop is None else round(take.stop * RATE) - start
    return _Performed(mixdown, before, samples), mixdown.recall


def _recorded(take: Perform, studio: Studio, progress: Progress) -> Mixdown:
    """Return a whole performance balanced by itself, in the tuning that it is to have."""
    if abs(take.tuning) < tuning.LEAST:
        return studio.record(take.score, take.mix, take.seed, progress)
    slower = studio.record(tuning.stretched(take.score, take.tuning), take.mix, take.seed, progress)
    return tuning.retuned(slower, take.tuning, studio)


def _fitted(take: Perform, mixdown: Mixdown, sources: Sequence[Source]) -> Mixdown:
    """Return a performance as it fits the recorded sound that it is to sit beside, where there is any."""
    if take.beside is None:
        return mixdown
    recorded = sources[take.beside.source].audio(None)
    start, stop = round(take.beside.start * RATE), round(take.beside.stop * RATE)
    fitted = blending.beside(mixdown, recorded[start:stop])
    if take.beside.begins is None:
        return fitted
    begins = round(take.beside.begins * RATE)
    line = stop if take.beside.line is None else round(take.beside.line * RATE)
    return blending.after(fitted, recorded, begins, stop, line, take.seed)


def _polished(take: Polish, source: Source, studio: Studio) -> _Sound:
    """Master all of a source anew: every stem by the same filter and gains."""
    samples = round(source.song.seconds * RATE)
    stems = {role: studio.scratch((samples, 2)) for role in Role if role in source.roles}
    for role, stem in stems.items():
        stem[:] = _cut(source.audio(role), 0, samples)
    polishing.polish(stems, profile.load(take.mix).bus, take.depth, variation.of(take.mix))
    return _Performed(Mixdown(polishing.record_of(stems), stems, 0.0, 0.0, Sheet(profile=take.mix)), 0, samples)


def _lay_over(take: Over, source: Source, studio: Studio, progress: Progress) -> tuple[_Sound, Sheet]:
    """Perform a take over all of a source."""
    kept = _Kept(Keep(take.source, 0.0, source.song.seconds), source)
    mixdown = blending.over(_recorded(take.perform, studio, progress), source.audio(None), take.level)
    return _Layered(kept, _Performed(mixdown, 0, rung_out(mixdown.master))), mixdown.recall


def _sung(take: Perform, samples: int, begin: int, studio: Studio) -> list[WordTime]:
    """Return the words of a performed take that begin in it, in the time and the sections of the new song."""
    shift = begin / RATE - take.start
    return [
        msgspec.structs.replace(
            word,
            start=round(word.start + shift, 4),
            stop=round(word.stop + shift, 4),
            section=word.section - take.sections_before,
        )
        for word in studio.words(take.score, take.seed)
        if take.start <= word.start < take.start + samples / RATE and word.section >= take.sections_before
    ]


@dataclass(frozen=True)
class _Join:
    """Where take ``left`` becomes the next: at sample ``place``, faded in the take after it or in the one before."""

    left: int
    place: int
    inside: bool
    samples: int


def _joins(revision: Revision, sounds: Sequence[_Sound]) -> list[_Join]:
    joins, place = [], 0
    for number, (left, right) in enumerate(pairwise(revision.takes)):
        place += sounds[number].samples
        if (
            isinstance(left, Keep)
            and isinstance(right, Keep)
            and (left.source, left.stop) == (right.source, right.start)
        ):
            continue
        inside = not isinstance(right, Keep) or isinstance(left, Keep)
        room = sounds[number + 1 if inside else number].samples
        joins.append(_Join(number, place, inside, min(CROSSFADE, room)))
    return joins


def _joined(revision: Revision, sounds: Sequence[_Sound], studio: Studio) -> Mixdown:
    joins = _joins(revision, sounds)
    first = revision.takes[0]
    opening = OPENING if isinstance(first, Perform) and first.start > 0 else 0
    master = _track(None, sounds, joins, opening, np.zeros((sum(sound.samples for sound in sounds), 2), np.float32))
    stems: dict[Role, Audio] = {}
    for role in Role:
        if any(role in sound.roles for sound in sounds):
            stem = _track(role, sounds, joins, opening, studio.scratch(master.shape))
            if stem.any():
                stems[role] = stem
            set_aside(stem)
    return Mixdown(master, stems, 0.0, 0.0, Sheet(profile=revision.plan.mix))


def _rise(samples: int) -> Audio:
    """Return a raised cosine from 0 to 1, (samples, 1)."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(samples) + 0.5) / max(samples, 1))).astype(np.float32)[:, None]


def _track(role: Role | None, sounds: Sequence[_Sound], joins: Sequence[_Join], opening: int, out: Audio) -> Audio:
    """Lay the takes of a stem, or of the master, one after another into ``out``."""
    begin = 0
    for sound in sounds:
        out[begin : begin + sound.samples] = sound.read(role, 0, sound.samples)
        begin += sound.samples
    for join in joins:
        left, right = sounds[join.left], sounds[join.left + 1]
        first = 0 if join.inside else -join.samples
        old = left.read(role, left.samples + first, left.samples + first + join.samples)
        new = right.read(role, first, first + join.samples)
        out[join.place + first : join.place + first + join.samples] = old + _rise(join.samples) * (new - old)
    out[:opening] *= _rise(opening)
    return out
