"""Cutting and joining scores: what is played before a beat from one, what is played after it from another.

Conventions: beats are those of the score at hand. A note belongs to where it begins; one that is held over a cut ends
there. A word that is begun before a cut is sung to its end where that takes no more than half a bar, for nobody stops
inside a syllable. Parts are the same where name, role and instrument (or voice) are.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec
import numpy as np

from descant.song.score import ChordSpan, Note, Part, Pedal, Phrase, Score, Section, SungNote, Swell, VocalPart
from descant.song.tempo import TempoChange
from descant.words.languages.scripts import spaced

_EDGE = 1e-6  # beats by which two points are the same
_OVERLAP = 0.125  # beats by which a legato note may lean over a cut
_PICKUP = 1.0  # beats by which a line may begin before the bar it belongs to
_SWELL_STEP = 1 / 64  # beats before a cut at which an expression curve ends

_P = TypeVar("_P", Part, VocalPart)


def tempo_at(score: Score, beat: float) -> float:
    """Return the tempo in force at a beat, exactly as the score names it."""
    return [change.bpm for change in score.tempo if change.beat <= max(beat, 0.0) + _EDGE][-1]


def pace(score: Score, stop: float, bars: int = 4) -> float:
    """Return the mean tempo of the bars before a beat."""
    start = max(0.0, stop - bars * score.metre.bar_length)
    return round(60.0 * (stop - start) / (score.seconds(stop) - score.seconds(start)), 3)


def until(score: Score, stop: float) -> Score:
    """Return the score up to a bar line; it ends there. A line that only leads into the bar after it is left out."""
    sections = [section for section in score.sections if section.start < stop - _EDGE]
    bar = score.metre.bar_length
    kept = [msgspec.structs.replace(s, bars=min(s.bars, round((stop - s.start) / bar))) for s in sections]
    reach = stop + bar / 2
    vocals = []
    for part in score.vocals:
        own = [p for p in part.phrases if p.section < len(kept) and p.notes and not belongs_after(p, stop)]
        vocals.append(_singing(part, [_finished(phrase, stop, reach) for phrase in own]))
    return msgspec.structs.replace(
        score,
        tempo=tuple(change for change in score.tempo if change.beat < stop - _EDGE or change.beat == 0),
        sections=tuple(kept),
        chords=_chords(score.chords, -np.inf, stop),
        parts=_sounding(_playing(part, -np.inf, stop) for part in score.parts),
        vocals=_sounding(vocals),
        length=stop,
        fade=None,
    )


def belongs_after(phrase: Phrase, beat: float) -> bool:
    """Return whether a phrase begins at a bar line or after it, or no more than leads into it before."""
    start = phrase.notes[0].start
    return start >= beat - _EDGE or (start >= beat - _PICKUP - _EDGE and middle(phrase) >= beat)


def middle(phrase: Phrase) -> float:
    """Return the beat halfway between a phrase's first onset and its end."""
    last = phrase.notes[-1]
    return (phrase.notes[0].start + last.start + last.duration) / 2


def since(score: Score, start: float) -> Score:
    """Return the score from the start of a section on, at its own beats, with that section's sung pickup."""
    first = bisect_right([section.start for section in score.sections], start - _EDGE)
    vocals = [
        _singing(
            part, [msgspec.structs.replace(p, section=p.section - first) for p in part.phrases if p.section >= first]
        )
        for part in score.vocals
    ]
    own = tempo_at(score, start)
    opening = (TempoChange(0.0, own), TempoChange(start, own)) if start > _EDGE else (TempoChange(0.0, own),)
    later = tuple(change for change in score.tempo if change.beat > start + _EDGE)
    return msgspec.structs.replace(
        score,
        tempo=(*opening, *later),
        sections=score.sections[first:],
        chords=_chords(score.chords, start, np.inf),
        parts=_sounding(_playing(part, start, np.inf) for part in score.parts),
        vocals=_sounding(vocals),
    )


def within(score: Score, start: float, stop: float) -> Score:
    """Return the score with what its instruments play from one beat to another, and nothing before and after."""
    return msgspec.structs.replace(score, parts=_sounding(_playing(part, start, stop) for part in score.parts))


def shifted(score: Score, beats: float, lead_in: float) -> Score:
    """Return the score with everything ``beats`` later (earlier for negative), after ``lead_in`` seconds.

    Its first tempo holds from beat 0 on, and before it.
    """
    moved = [msgspec.structs.replace(change, beat=change.beat + beats) for change in score.tempo]
    tempo = [TempoChange(0.0, tempo_at(score, -beats)), *(change for change in moved if change.beat > _EDGE)]
    fade = score.fade
    return msgspec.structs.replace(
        score,
        tempo=tuple(tempo),
        sections=tuple(msgspec.structs.replace(s, start=s.start + beats) for s in score.sections),
        chords=tuple(msgspec.structs.replace(c, start=c.start + beats) for c in score.chords),
        parts=tuple(_part_shifted(part, beats) for part in score.parts),
        vocals=tuple(
            _singing(part, [msgspec.structs.replace(p, notes=_notes_shifted(p.notes, beats)) for p in part.phrases])
            for part in score.vocals
        ),
        length=score.length + beats,
        lead_in=lead_in,
        fade=None if fade is None else type(fade)(fade.start + beats, fade.stop + beats),
    )


def joined(first: Score, second: Score) -> Score:
    """Return two scores as one; the second begins, in beats, where the first ends. The first gives title and key.

    Raises
    ------
    ValueError : when their metres differ.
    """
    if first.metre != second.metre:
        raise ValueError(f"a song in {_metre(first)} cannot go on in {_metre(second)}")
    number = len(first.sections)
    sung = [
        _singing(part, [msgspec.structs.replace(p, section=p.section + number) for p in part.phrases])
        for part in second.vocals
    ]
    tempo = list(first.tempo)
    tempo += [change for change in second.tempo if change.beat > tempo[-1].beat + _EDGE]
    return msgspec.structs.replace(
        first,
        tempo=tuple(c for i, c in enumerate(tempo) if i == 0 or c.bpm != tempo[i - 1].bpm),
        sections=(*first.sections, *second.sections),
        chords=(*first.chords, *second.chords),
        parts=_matched(first.parts, second.parts, _one_player),
        vocals=_matched(first.vocals, sung, _one_singer),
        length=second.length,
        fade=second.fade,
    )


def patched(score: Score, new: Score, start: float, stop: float, handover: float | None = None) -> Score:
    """Return a score with what another has from ``start`` to ``stop``; sections are the other's.

    Both are the same song at the same beats but for that window. A phrase belongs to where its middle is.

    Parameters
    ----------
    handover : beat at which the band plays as before again, where that is not ``stop``: the sound is cut a little
        ahead of a bar line, and what is kept of it holds what was played there.
    """
    over = stop if handover is None else handover
    sections = new.sections
    outside = [
        _singing(part, [_renumbered(p, sections) for p in part.phrases if not start <= middle(p) < stop])
        for part in score.vocals
    ]
    inside = [_singing(part, [p for p in part.phrases if start <= middle(p) < stop]) for part in new.vocals]
    around = [_around(part, start, over) for part in score.parts]
    window = [_playing(part, start, over) for part in new.parts]
    return msgspec.structs.replace(
        score,
        sections=sections,
        chords=tuple(
            sorted(
                (
                    *_chords(score.chords, -np.inf, start),
                    *_chords(new.chords, start, stop),
                    *_chords(score.chords, stop, np.inf),
                ),
                key=lambda span: span.start,
            )
        ),
        parts=_sounding(_matched(around, window, _one_player)),
        vocals=_sounding(_matched(outside, inside, _one_singer)),
    )


def _metre(score: Score) -> str:
    return f"{score.metre.beats}/{score.metre.unit}"


def _chords(spans: Iterable[ChordSpan], start: float, stop: float) -> tuple[ChordSpan, ...]:
    """Return what sounds of the chords between two beats."""
    cut = []
    for span in spans:
        left, right = max(span.start, start), min(span.start + span.duration, stop)
        if right - left > _EDGE:
            cut.append(ChordSpan(left, right - left, span.chord))
    return tuple(cut)


def _playing(part: Part, start: float, stop: float) -> Part:
    """Return what a part plays from one beat to another."""
    notes = tuple(_held(note, stop) for note in part.notes if start - _EDGE <= note.start < stop - _EDGE)
    pedals = tuple(
        Pedal(max(pedal.start, start), min(pedal.stop, stop))
        for pedal in part.pedals
        if pedal.stop > start + _EDGE and pedal.start < stop - _EDGE
    )
    return msgspec.structs.replace(part, notes=notes, pedals=pedals, swells=_swells(part.swells, start, stop))


def _around(part: Part, start: float, stop: float) -> Part:
    """Return what a part plays before one beat and after another."""
    before, after = _playing(part, -np.inf, start), _playing(part, stop, np.inf)
    return msgspec.structs.replace(
        part,
        notes=(*before.notes, *after.notes),
        pedals=(*before.pedals, *after.pedals),
        swells=(*before.swells, *after.swells),
    )


def _held(note: Note, stop: float) -> Note:
    """Return a note that ends at a cut at the latest."""
    if note.start + note.duration <= stop + _OVERLAP:
        return note
    return msgspec.structs.replace(note, duration=stop - note.start)


def _swells(points: Sequence[Swell], start: float, stop: float) -> tuple[Swell, ...]:
    """Return an expression curve between two beats, its level at both ends kept."""
    if not points:
        return ()
    beats, levels = [point.beat for point in points], [point.level for point in points]
    inner = [point for point in points if start < point.beat < stop - _SWELL_STEP]
    opening = [Swell(start, float(np.interp(start, beats, levels)))] if np.isfinite(start) else []
    last = stop - _SWELL_STEP
    closing = [Swell(last, float(np.interp(last, beats, levels)))] if np.isfinite(stop) else []
    return (*opening, *inner, *closing)


def _finished(phrase: Phrase, stop: float, reach: float) -> Phrase:
    """Return what is sung of a phrase cut at ``stop``: the words begun before it, to ``reach`` at the latest."""
    begun = {note.word for note in phrase.notes if note.start < stop - _EDGE}
    notes = [n for n in phrase.notes if n.word in begun and n.start < reach - _EDGE]
    if len(notes) == len(phrase.notes) and notes[-1].start + notes[-1].duration <= reach + _EDGE:
        return phrase
    notes[-1] = msgspec.structs.replace(notes[-1], duration=min(notes[-1].duration, reach - notes[-1].start))
    last = max(note.word for note in notes)
    heard = 1 + max(note.syllable for note in notes if note.word == last)
    word = phrase.words[last]
    words = (*phrase.words[:last], msgspec.structs.replace(word, syllables=word.syllables[:heard]))
    text = phrase.text if len(words) == len(phrase.words) else spaced(w.text for w in words)
    return msgspec.structs.replace(phrase, text=text, words=words, notes=tuple(notes))


def _singing(part: VocalPart, phrases: Iterable[Phrase]) -> VocalPart:
    return msgspec.structs.replace(part, phrases=tuple(phrases))


def _renumbered(phrase: Phrase, sections: Sequence[Section]) -> Phrase:
    """Return a phrase with the number that its section has among these."""
    number = max(0, bisect_right([section.start for section in sections], middle(phrase)) - 1)
    return phrase if number == phrase.section else msgspec.structs.replace(phrase, section=number)


def _part_shifted(part: Part, beats: float) -> Part:
    return msgspec.structs.replace(
        part,
        notes=tuple(msgspec.structs.replace(note, start=note.start + beats) for note in part.notes),
        pedals=tuple(Pedal(pedal.start + beats, pedal.stop + beats) for pedal in part.pedals),
        swells=tuple(Swell(point.beat + beats, point.level) for point in part.swells),
    )


def _notes_shifted(notes: Sequence[SungNote], beats: float) -> tuple[SungNote, ...]:
    return tuple(msgspec.structs.replace(note, start=note.start + beats) for note in notes)


def _sounding(parts: Iterable[_P]) -> tuple[_P, ...]:
    """Return the parts that have anything to play or sing."""
    return tuple(part for part in parts if (part.notes if isinstance(part, Part) else part.phrases))


def _matched(first: Sequence[_P], second: Sequence[_P], merge: Callable[[_P, _P], _P]) -> tuple[_P, ...]:
    """Return the parts of both, those of one player merged; another player's part gets a name of its own."""
    merged = {part.name: part for part in first}
    for part in second:
        own = next((name for name, other in merged.items() if _same(other, part)), None)
        if own is not None:
            merged[own] = merge(merged[own], part)
        else:
            name = _free(part.name, merged)
            merged[name] = msgspec.structs.replace(part, name=name)
    return tuple(merged.values())


def _same(one: Part | VocalPart, other: Part | VocalPart) -> bool:
    """Return whether two parts are one player's: alike in all but a number that was added to a taken name."""
    if one.role is not other.role or _stem(one.name) != _stem(other.name):
        return False
    if isinstance(one, Part) and isinstance(other, Part):
        return one.instrument == other.instrument
    return isinstance(one, VocalPart) and isinstance(other, VocalPart) and one.voice == other.voice


def _stem(name: str) -> str:
    """Return a part's name without the mark of :func:`_free`."""
    return name.rsplit(" #", 1)[0]


def _free(name: str, taken: Iterable[str]) -> str:
    names = set(taken)
    number = 2
    free = name
    while free in names:
        free, number = f"{_stem(name)} #{number}", number + 1
    return free


def _one_player(first: Part, second: Part) -> Part:
    return msgspec.structs.replace(
        first,
        notes=tuple(sorted((*first.notes, *second.notes), key=lambda note: (note.start, note.pitch))),
        pedals=tuple(sorted((*first.pedals, *second.pedals), key=lambda pedal: pedal.start)),
        swells=tuple(sorted((*first.swells, *second.swells), key=lambda point: point.beat)),
    )


def _one_singer(first: VocalPart, second: VocalPart) -> VocalPart:
    """Return both parts' phrases in order; one that reaches into the next ends where that begins."""
    ordered = sorted((*first.phrases, *second.phrases), key=lambda phrase: phrase.notes[0].start)
    clear: list[Phrase] = []
    for phrase in ordered:
        start = phrase.notes[0].start
        if clear and clear[-1].notes[0].start >= start - _EDGE:
            clear.pop()
        if clear and clear[-1].notes[-1].start + clear[-1].notes[-1].duration > start + _EDGE:
            clear[-1] = _finished(clear[-1], start, start)
        clear.append(phrase)
    return _singing(first, clear)
