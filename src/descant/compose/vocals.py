"""Writes the lines of a song: rhythm, then pitch, each line recalling the ones it should.

The hook is written first; a line whose words, section kind and chords came before is that line again; other lines of
a returning section are drawn towards its first appearance (two choruses of charted songs share 85 % of their notes,
two verses 62 %, a verse and a chorus 7 %: research/composition.md §0.3).
"""

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from descant.compose import melody, rhythm, tables, tones
from descant.compose.errors import CannotWrite
from descant.compose.grid import EIGHTH, SLOT, Grid
from descant.compose.lineplans import contour
from descant.compose.lines import LineTask, WrittenLine
from descant.compose.manner import BELOW_PEAK, Manner
from descant.compose.recall import onset_rewards, references
from descant.compose.speech import speech_pitches
from descant.compose.underlay import Underlay
from descant.song.lyrics import SectionKind
from descant.song.score import ChordSpan
from descant.song.streams import stream

_HOOKS = 6  # attempts at the hook; the best stays
_PICKUP = 4  # slots a line may begin before its bar
_ROOM = 1.4  # slots a syllable needs at least, in a line whose successor is written first
_LONGEST_NOTE = 6  # slots, inside a line
_FULL_BAR, _FILLING = 4.5, 0.12  # syllables a bar under which melismas fill a line, and their chance for each missing
_LONGEST_LINE = 7.5  # seconds without a breath
_SLOWING = 0.86  # tempo at the end of a song that slows down, against the rest
_ADAPT_ONSET = 3.0  # reward for an onset shared with a line of the same section
_RETURN_ONSET = 3.2  # and with the same line of an earlier section
_FIXED = (SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.DROP)
_THEME_LINES = 2  # of an instrument's stanza: theme and answer return as they were, what follows develops them
_REACH = 10.0  # semitones that a line may span
_USUAL_SLOT = 0.14  # seconds; in slower songs lines use more sixteenths
_DENSITIES = ((3.4, "quarter"), (2.15, "eighth"), (1.55, "mixed"), (0.0, "sixteenth"))
_CADENCES: dict[str, Mapping[int, float]] = {
    "open": tables.OPEN_CADENCE,
    "closed": tables.CLOSED_CADENCE,
    "lift": tables.LIFT_CADENCE,
    "free": {0: 0.6, 2: 0.3, 3: 0.4, 4: 0.4, 5: 1.2, 7: 0.2, 9: 0.7, 10: 0.8},
}

_Recalled = tuple[WrittenLine | None, float, float, int]
"""The line to recall, the reward of its onsets, the pull of its pitches and a diatonic shift."""


class LineWriter:
    """Writes lines one by one and remembers them.

    Parameters
    ----------
    manner, grid : the singer and the metre.
    tasks : all lines of the part, rising in time.
    chords : the song's chords.
    known : place among ``tasks`` to a line that is written already, by whomever; it is recalled wherever it stands.
    """

    def __init__(
        self,
        manner: Manner,
        grid: Grid,
        tasks: Sequence[LineTask],
        chords: Sequence[ChordSpan],
        known: Mapping[int, WrittenLine] | None = None,
    ) -> None:
        self._manner = manner
        self._grid = grid
        self._tasks = list(tasks)
        self._chords = Underlay(chords)
        self._known = dict(known or {})
        self._written: dict[int, WrittenLine] = dict(self._known)
        self._by_place = {(task.section, task.index): i for i, task in enumerate(self._tasks)}
        self._sources = self._find_sources()

    def write(self) -> tuple[WrittenLine, ...]:
        """Return all lines with their notes, rising in time."""
        hook = self._by_place.get(self._manner.hook) if self._manner.hook is not None else None
        if hook is not None and not any(line.task.kind is self._tasks[hook].kind for line in self._known.values()):
            self._written[hook] = self._write_hook(hook)
        for i in range(len(self._tasks)):
            if i not in self._written:
                self._written[i] = self._copy(i) if self._sources[i] is not None else self._write_line(i)
        return tuple(self._written[i] for i in range(len(self._tasks)))

    def _find_sources(self) -> list[int | None]:
        """For each line, the first line with the same words, kind and chords, where there is one: known ones first."""
        seen: dict[object, int] = {}
        sources: list[int | None] = [None] * len(self._tasks)
        for i in sorted(range(len(self._tasks)), key=lambda i: (i not in self._known, i)):
            task = self._tasks[i]
            words: object = task.line.same_words
            if task.line.wordless:
                developed = task.index >= _THEME_LINES and task.kind not in _FIXED
                words = (task.line.text, task.index, task.section if developed else -1)
            key = (task.kind, words, task.slots, self._chords.window(task))
            sources[i] = None if task.final else seen.get(key)
            seen.setdefault(key, i)
        return sources

    def _copy(self, i: int) -> WrittenLine:
        task = self._tasks[i]
        source = self._written[self._sources[i]]  # type: ignore[index]  # asked for only where there is one
        move = task.lift - source.task.lift
        copied = WrittenLine(
            task, source.onsets, source.lengths, tuple(p + move for p in source.pitches), source.places
        )
        if copied.onsets[0] < self._first(i):
            return self._write_line(i)
        return self._shortened(copied, self._limit(i))

    def _shortened(self, line: WrittenLine, limit: int) -> WrittenLine:
        if line.end <= limit or line.onsets[-1] >= limit:
            return line
        lengths = (*line.lengths[:-1], limit - line.onsets[-1])
        return msgspec.structs.replace(line, lengths=lengths)

    def _first(self, i: int) -> int:
        """Return the earliest slot, from its window, at which line ``i`` may begin."""
        if i == 0:
            return -_PICKUP if self._tasks[i].start >= _PICKUP else 0
        before = self._written.get(i - 1)
        if before is None:
            earlier = self._tasks[i - 1]
            spare = self._tasks[i].start - earlier.start - self._manner.rest
            return -int(np.clip(spare - _ROOM * len(earlier.line.classes), 0, _PICKUP))
        gap = self._tasks[i].start - before.task.start
        return max(-_PICKUP, before.end + self._manner.rest - gap)

    def _limit(self, i: int) -> int:
        """Return the slot, from its window, by which line ``i`` must be silent."""
        task = self._tasks[i]
        if i + 1 == len(self._tasks):
            return task.slots + task.tail
        after = self._tasks[i + 1]
        source = self._sources[i + 1]
        known = self._written.get(i + 1) or (self._written.get(source) if source is not None else None)
        if known is not None:
            pickup = min(known.onsets[0], 0) if after.start - task.start <= task.slots else known.onsets[0]
        else:
            pickup = -_PICKUP if source == i else -2
        return min(after.start - task.start + pickup - self._manner.rest, task.slots + self._grid.slots) - _echo_room(
            task
        )

    def _write_hook(self, i: int) -> WrittenLine:
        """Return the best of several hooks, each rhythm with its own melodies."""
        return self._best(i, [f"hook{attempt}" for attempt in range(_HOOKS)], hook=True)

    def _write_line(self, i: int) -> WrittenLine:
        return self._best(i, [f"take{attempt}" for attempt in range(self._manner.takes)], hook=False)

    def _best(self, i: int, names: Sequence[str], *, hook: bool) -> WrittenLine:
        """Return the best of several attempts at a line, named for their random streams."""
        recalled = self._model(i)
        slots = self._lattice(i, recalled[0], recalled[1])
        attempts = [self._attempt(i, name, slots, recalled, hook=hook) for name in names]
        return max(attempts, key=lambda attempt: attempt[0])[1]

    def _attempt(
        self, i: int, name: str, slots: rhythm.Lattice, recalled: _Recalled, *, hook: bool
    ) -> tuple[float, WrittenLine]:
        task = self._tasks[i]
        rng = stream(self._manner.seed, f"{self._manner.name}.{task.section}.{task.index}.{task.line.part}.{name}")
        model, _, loyalty, shift = recalled
        chosen, cost = rhythm.choose(slots, rng)
        sung = tuple(int(onset) for onset in chosen)
        onsets, lengths, places = self._with_melisma(task, sung, self._lengths(i, sung), rng)
        if task.line.rapped:
            spoken = speech_pitches(task.line, onsets, self._manner.centre, rng, spoken=task.line.delivery != "rap")
            return -cost, WrittenLine(task, onsets, lengths, spoken, places)
        pitch_task = self._pitch_task(i, onsets, lengths, places, model, loyalty, shift)
        pitches, score = melody.choose(pitch_task, np.array(onsets), rng, hook=hook)
        bonus = _hook_rhythm_score(np.array(onsets), self._grid) if hook else 0.0
        return score - cost + bonus, WrittenLine(task, onsets, lengths, tuple(int(p) for p in pitches), places)

    def _model(self, i: int) -> _Recalled:
        """Return the line to recall, the reward of its onsets, the pull of its pitches and a diatonic shift."""
        task, pull = self._tasks[i], self._manner.recall
        for j in sorted(self._written):
            earlier = self._tasks[j]
            before = earlier.section < task.section or (j in self._known and earlier.section != task.section)
            if j != i and earlier.kind is task.kind and before and earlier.index == task.index:
                same_words = _is_same(earlier, task)
                strong = 2.5 if same_words else 1.2 if task.kind is SectionKind.CHORUS else 0.4
                return self._written[j], _RETURN_ONSET * (2.0 if same_words else pull), strong * pull, 0
        plan = task.plan
        if plan.recalls is None:
            return None, 0.0, 0.0, 0
        place = self._by_place.get((task.section, plan.recalls))
        model = self._written.get(place) if place is not None else None
        if model is None or model.task is task:
            return None, 0.0, 0.0, 0
        if _is_same(model.task, task):
            return model, 2 * _RETURN_ONSET, 1.6, 0
        return model, pull * _ADAPT_ONSET * plan.rhythm, pull * plan.pitch, plan.shift

    def _lattice(self, i: int, model: WrittenLine | None, reward: float) -> rhythm.Lattice:
        """Return the rhythms a line may have, drawn to the onsets of the line it recalls."""
        task = self._tasks[i]
        count = len(task.line.classes)
        first = self._first(i)
        limit = self._limit(i)
        last = limit - (4 if limit - 4 - first >= 1.3 * count else 2)
        last = max(last, first + count - 1)
        slowness = math.sqrt(self._manner.seconds_per_slot / _USUAL_SLOT)
        fill = (limit - max(first, 0)) * 0.72 / count / max(slowness, 1.0)
        longest = int(_LONGEST_LINE / self._manner.seconds_per_slot)
        last = max(first + count - 1, min(last, longest + first - 4))
        target = min(float(last - 1), max(2 + 2.8 * count, 0.45 * task.slots))
        if task.final:
            target, last = float(task.slots), min(last, task.slots)
        if last - first + 1 < count:
            raise CannotWrite(f"“{task.line.text}” has {count} syllables; there is room for {max(0, last - first + 1)}")
        rhythm_task = rhythm.RhythmTask(
            classes=task.line.classes,
            words=tuple(w for w, _ in task.line.places),
            pauses=task.line.pauses,
            first=first,
            last=last,
            target=target,
            density="sixteenth"
            if task.line.rapped
            else next((name for least, name in _DENSITIES if fill >= least), "sixteenth"),
            syncopation=self._manner.syncopation,
            rewards={} if model is None else onset_rewards(model, reward),
            rhyme_slot=None if model is None or task.final else model.syllable_onsets[-1],
            rapped=task.line.rapped,
            temperature=self._manner.temperature,
            accent=self._manner.accent,
        )
        return rhythm.lattice(rhythm_task, self._grid)

    def _lengths(self, i: int, onsets: tuple[int, ...]) -> tuple[int, ...]:
        """Return note lengths in slots: up to the next onset, short before a pause, longer on the last."""
        task = self._tasks[i]
        lengths = []
        for n in range(len(onsets) - 1):
            gap = onsets[n + 1] - onsets[n]
            length = min(gap, _LONGEST_NOTE)
            if task.line.pauses[n] and gap >= 4:
                length = min(length, gap - 2)
            lengths.append(length)
        mean = float(np.mean(np.diff(onsets))) if len(onsets) > 1 else 6.0
        wanted = max(4, round(2.0 * self._manner.ending * mean)) + (3 if task.last else 0)
        room = self._limit(i) - onsets[-1]
        if task.final:
            wanted = room - 2
        longest = _LONGEST_LINE * (_SLOWING if task.final else 1.0)
        wanted = min(wanted, int(longest / self._manner.seconds_per_slot) - onsets[-1] + onsets[0])
        return (*lengths, int(np.clip(wanted, 1, max(room, 1))))

    def _with_melisma(
        self, task: LineTask, onsets: tuple[int, ...], lengths: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Split some long syllables in two notes; the style's share counts over all syllables."""
        places = task.line.places
        out: list[tuple[int, int, tuple[int, int]]] = []
        per_bar = len(places) * self._grid.slots / task.slots
        chance = 3.5 * self._manner.melisma + _FILLING * max(0.0, _FULL_BAR - per_bar)
        chance += self._manner.filling.get(task.kind, 0.0)
        chance = 0.0 if task.line.delivery != "sung" else min(0.6, chance)
        for n, (onset, length) in enumerate(zip(onsets, lengths, strict=True)):
            final = n == len(onsets) - 1
            eligible = length >= 4 and task.line.classes[n] != "F" and not (final and length < 6)
            if eligible and rng.random() < (chance if not final else 0.6 * chance):
                cut = 2 if final else length - 2
                out += [(onset, cut, places[n]), (onset + cut, length - cut, places[n])]
            else:
                out.append((onset, length, places[n]))
        return tuple(o for o, _, _ in out), tuple(d for _, d, _ in out), tuple(p for _, _, p in out)

    def _pitch_task(
        self,
        i: int,
        onsets: tuple[int, ...],
        lengths: tuple[int, ...],
        places: tuple[tuple[int, int], ...],
        model: WrittenLine | None,
        loyalty: float,
        shift: int,
    ) -> melody.PitchTask:
        task = self._tasks[i]
        manner = self._manner
        slots = np.array(onsets) + task.start
        classes = dict(zip(task.line.places, task.line.classes, strict=True))
        stressed = tuple(classes[place] in "SC" for place in places)
        middle = manner.middle(task.kind) + manner.span * task.plan.height + task.lift
        positions = np.linspace(0.0, 1.0, len(onsets)) if len(onsets) > 1 else np.array([0.5])
        width = (5.6 if task.kind in (SectionKind.CHORUS, SectionKind.BRIDGE) else 5.0) * manner.span
        peak = self._peak_note(task, onsets, lengths, stressed)
        before = self._written.get(i - 1)
        melisma = tuple(n > 0 and places[n] == places[n - 1] for n in range(len(places)))
        said = [task.line.words[word].syllables[syllable].tone for word, syllable in places]
        return melody.PitchTask(
            low=manner.low,
            high=manner.high,
            tonic=task.tonic,
            minor=task.minor,
            scale=task.scale,
            chords=tuple(self._chords.under(int(s), n, self._grid) for s, n in zip(slots, lengths, strict=True)),
            levels=tuple(int(level) for level in self._grid.levels(slots)),
            durations=tuple(n * SLOT for n in lengths),
            stressed=stressed,
            melisma=melisma,
            contour=tuple(middle + width * height for height in contour(task.plan.shape, positions)),  # type: ignore[arg-type]
            cadence=_CADENCES["closed" if task.final else task.plan.cadence],
            previous=before.pitches[-1] if before is not None else None,
            references={} if model is None else references(task, onsets, model, shift),
            loyalty=loyalty,
            peak=peak,
            ceiling=float(manner.peak + task.lift - BELOW_PEAK.get(task.kind, 2)),
            flatness=manner.weirdness**2,
            repeat_cost=manner.repeat_cost,
            temperature=0.9,
            harmony=manner.harmony,
            lean=manner.lean,
            tones=tones.directions(said, melisma) if any(said) else (),
            reach=_REACH * max(1.0, manner.span),
        )

    def _peak_note(
        self, task: LineTask, onsets: tuple[int, ...], lengths: tuple[int, ...], stressed: tuple[bool, ...]
    ) -> int | None:
        """Return the note of a chorus that carries its top, or None in other lines and sections."""
        if task.kind is not SectionKind.CHORUS or task.index != self._peak_line(task):
            return None
        inner = range(1 if len(onsets) > 3 else 0, max(1, round(0.75 * len(onsets))))
        levels = self._grid.levels(np.array(onsets))
        return max(inner, key=lambda n: (stressed[n], lengths[n] - 0.5 * levels[n], -n))

    def _peak_line(self, task: LineTask) -> int:
        """Return which line of a chorus holds its top: one of the first three, and the first of its wording."""
        lines = [other for other in self._tasks if other.section == task.section][:3]
        fresh = [
            n for n, line in enumerate(lines) if all(line.line.same_words != lines[m].line.same_words for m in range(n))
        ]
        options = [lines[n].index for n in fresh]
        return options[int(stream(self._manner.seed, f"{self._manner.name}.peak").integers(len(options)))]


def _is_same(first: LineTask, second: LineTask) -> bool:
    """Return whether two lines are the same line: of one wording; without words, only where the section is fixed."""
    if second.line.wordless and second.kind not in _FIXED:
        return False
    return first.line.same_words == second.line.same_words


def _echo_room(task: LineTask) -> int:
    """Return the slots that an echo after the line needs."""
    count = sum(len(word.syllables) for word in task.line.echo)
    return min(task.slots // 2, 2 * count + 2) if count else 0


def _hook_rhythm_score(onsets: np.ndarray, grid: Grid) -> float:
    """Score a hook's rhythm: some, but not only, off-beat onsets."""
    off = float((grid.levels(onsets) >= EIGHTH).mean())
    return 0.5 if 0.3 <= off <= 0.7 else 0.0
