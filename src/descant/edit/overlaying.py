"""Voices or a band added to a recording: written around what is heard in it, laid over it, and it is not touched.

The recording goes on sample by sample underneath, as the stem "recording". What is new follows its tempo with all its
drift, for it is written in the beats of the recording's own tempo map.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from descant.compose import styles
from descant.compose.arranging import arrange
from descant.compose.errors import CannotWrite
from descant.compose.genres import writing_of
from descant.compose.layout import bar_size
from descant.compose.leadsheet import read_sheet
from descant.compose.planning import make_plan
from descant.compose.remembering import Remembered
from descant.compose.resketching import sketch_of
from descant.compose.songwriting import write_sketch
from descant.edit import grafting, restyling
from descant.edit.covering import plan_for
from descant.edit.heard.harmony import cut_at_sections
from descant.edit.heard.parts import section_at
from descant.edit.nearness import of_several
from descant.edit.patching import with_harmony
from descant.edit.placing import Placement, place, windows_of
from descant.edit.recordings import has_recording, tuning_of
from descant.edit.reharmonising import reharmonised
from descant.edit.revision import CannotEdit, Over, Perform, Revision
from descant.edit.seams import bar_lines
from descant.edit.singing import Cast, sung_as
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.lyrics import SectionKind
from descant.song.orders import FAITHFULNESS, AddInstrumental, AddVocals
from descant.song.plan import Plan, PlannedSection
from descant.song.score import Score, Section, VocalPart
from descant.song.streams import derive_seed
from descant.song.theory import nearest_step
from descant.song.voices import VoiceProfile
from descant.words.errors import WordsError
from descant.words.reading import Reading, read

_VOICE_LEVEL, _BAND_LEVEL = 0.0, -1.5
"""Loudness in LU of added singing over the recording it is laid over, and of an added band over a recorded voice."""

_BLEND = 6.0
"""LU by which the level of what is added falls as ``audio_weight`` goes from 0 to 1, around its usual value."""

_SHORTEST = 1  # bars that can be sung or played over
_BEATING = frozenset({"drums", "percussion", "guitar", "comp2"})
"""Layers that play a pulse: they keep silent where a recording has none to play with."""


def add_vocals(order: AddVocals, source: Song, voices: Sequence[VoiceProfile]) -> Revision:
    """Return a recording with new singing over it.

    Raises
    ------
    CannotEdit : when the song is no recording, or the words cannot be sung over it.
    """
    _check(source, order.audio_weight, "vocals are")
    window = _window(source, order.start, order.stop)
    reading = _reading(order.brief, source)
    plan = _sung_plan(order.brief, source, reading, voices)
    plan, blank, remembered = _laid_out(source, plan, reading, order.brief.seed, window)
    sung = of_several(lambda take: _sung_over(plan, blank, remembered, take), source.score, order.audio_weight)
    heard = tuple(_in_sections(part, sung.sections) for part in source.score.vocals)
    whole = msgspec.structs.replace(sung, parts=source.score.parts, vocals=(*heard, *sung.vocals), title=reading.title)
    performance = Perform(sung, plan.seed, plan.mix, tuning=tuning_of(source))
    return Revision(
        brief=order.brief,
        plan=plan,
        score=whole,
        title=reading.title,
        lyrics=reading.text,
        tags=order.brief.tags or source.tags,
        takes=(Over(0, performance, _level(_VOICE_LEVEL, order.audio_weight)),),
        heard=source.heard,
        tuning=tuning_of(source),
    )


def _laid_out(
    source: Song, plan: Plan, reading: Reading, seed: int, window: tuple[int, int]
) -> tuple[Plan, Score, Remembered]:
    """Return the plan of a recording with its words, its score with nothing in it, and where which line is to be sung.

    Raises
    ------
    CannotEdit : when the words do not fit.
    """
    style, score = writing_of(plan.genres), source.score
    bar = bar_size(plan.metre, plan.bpm, (), reading.lyrics.sections)
    length = score.metre.bar_length
    placed = place(reading.lyrics.sections, score.sections, bar, style, window, length)
    sections = _sections(placed, score)
    plan = msgspec.structs.replace(plan, sections=_planned(placed, sections, plan, length))
    chords = cut_at_sections(score.chords, sections, score.metre)
    blank = msgspec.structs.replace(score, sections=sections, chords=chords, parts=(), vocals=())
    starts = {round(section.start / length): number for number, section in enumerate(sections)}
    windows = {starts[own.bar]: windows_of(own, bar, style) for own in placed}
    return plan, blank, Remembered(seed=seed, sheet=read_sheet(plan, blank), windows=windows)


def _sung_over(plan: Plan, blank: Score, remembered: Remembered, take: int) -> Score:
    """Return the score of what is sung over a recording and nothing else, one of several ways to sing it.

    Raises
    ------
    CannotEdit : when it cannot be sung.
    """
    seed = remembered.seed if take == 0 else derive_seed(remembered.seed, f"overlay.take{take}")
    remembered = msgspec.structs.replace(remembered, seed=seed)
    try:
        sketch = write_sketch(with_harmony(plan, seed), writing_of(plan.genres), remembered)
    except CannotWrite as error:
        raise CannotEdit(f"the words cannot be sung over the recording: {error}") from error
    return msgspec.structs.replace(blank, vocals=sketch.vocals)


def _in_sections(part: VocalPart, sections: Sequence[Section]) -> VocalPart:
    """Return a part with the numbers that its phrases' sections have in a form."""
    phrases = tuple(
        msgspec.structs.replace(phrase, section=section_at(grafting.middle(phrase), sections))
        for phrase in part.phrases
    )
    return msgspec.structs.replace(part, phrases=phrases)


def add_instrumental(order: AddInstrumental, source: Song) -> Revision:
    """Return a recording of a voice, or of anything without a band, with a band under it.

    Raises
    ------
    CannotEdit : when the song is no recording.
    """
    _check(source, order.audio_weight, "a band is")
    first, stop = _window(source, order.start, order.stop)
    brief, score = order.brief, source.score
    intent = restyling.intent_of(brief, source.plan)
    freedom = 1.0 - order.audio_weight
    sheet = read_sheet(source.plan, score)
    sheet = reharmonised(sheet, intent.writing.colour + intent.wish.mood.colour, freedom, brief.seed)
    plan, sheet = plan_for(brief, intent, source.plan, sheet, Cast(), order.audio_weight)
    plan = _own_band(plan, source)
    sketch = msgspec.structs.replace(sketch_of(plan, intent.writing, sheet), tempo=score.tempo, fade=None)
    band = arrange(plan, styles.load(plan.genres[0][0]), sketch)
    length = score.metre.bar_length
    bare = msgspec.structs.replace(score, chords=sheet.chords, sections=sheet.sections, parts=band, vocals=())
    played = grafting.within(bare, first * length, stop * length)
    if not played.parts:
        raise CannotEdit("the band has nothing to play in so short a stretch of the recording")
    title = brief.title or source.title
    whole = msgspec.structs.replace(
        score, title=title, sections=sheet.sections, chords=sheet.chords, parts=(*score.parts, *played.parts)
    )
    return Revision(
        brief=brief,
        plan=msgspec.structs.replace(plan, title=title),
        score=whole,
        title=title,
        lyrics=source.lyrics,
        tags=brief.tags or restyling.style_text(plan),
        takes=(
            Over(
                0,
                Perform(played, plan.seed, plan.mix, tuning=tuning_of(source)),
                _level(_BAND_LEVEL, order.audio_weight),
            ),
        ),
        words=source.words,
        heard=source.heard,
        tuning=tuning_of(source),
    )


def _check(source: Song, weight: float, what: str) -> None:
    if not has_recording(source.score) and source.heard is None:
        raise CannotEdit(f"{what} added to recordings that were sent in; this song was written here")
    if not 0.0 <= weight <= 1.0:
        raise CannotEdit(f"audio_weight is {weight:g}; it lies from 0 (free) to 1 (near to the recording)")


def _level(usual: float, weight: float) -> float:
    return usual - _BLEND * (weight - FAITHFULNESS)


def _window(source: Song, start: float | None, stop: float | None) -> tuple[int, int]:
    """Return the bars of a window in seconds: the first, and the one at which to stop.

    Raises
    ------
    CannotEdit : when there is no such stretch in the recording, or it is shorter than a bar.
    """
    begin, end = start or 0.0, source.seconds if stop is None else min(stop, source.seconds)
    if begin >= source.seconds:
        raise CannotEdit(f"the recording ends at {source.seconds:.2f} s; nothing can begin at {begin:g} s")
    if end <= begin:
        raise CannotEdit(f"a window begins before it ends, not at {begin:g} s to {end:g} s")
    score = source.score
    lines = [score.seconds(beat) for beat in bar_lines(score)]
    first = min(range(len(lines) - 1), key=lambda n: abs(lines[n] - begin))
    after = min(range(len(lines)), key=lambda n: abs(lines[n] - end))
    if stop is None:
        after = len(lines) - 1
    if after - first < _SHORTEST:
        raise CannotEdit(
            f"from {begin:g} s to {end:g} s there is no whole bar of the recording, which lasts "
            f"{lines[first + 1] - lines[first]:.2f} s there"
        )
    return first, after


def _reading(brief: Brief, source: Song) -> Reading:
    """Return the words to sing: given ones, or ones written from the description."""
    title = brief.title or source.title
    tags = brief.tags or source.tags.replace("instrumental", "")
    asked = msgspec.structs.replace(brief, title=title, tags=tags, instrumental=False)
    try:
        reading = read(asked)
    except WordsError as error:
        raise CannotEdit(f"the words to sing cannot be sung: {error}") from error
    if not reading.lyrics.lines:
        raise CannotEdit("there are no words to sing: give lyrics, or a description to write them from")
    return reading


def _sung_plan(brief: Brief, source: Song, reading: Reading, voices: Sequence[VoiceProfile]) -> Plan:
    """Return the recording's plan with a singer, in the style that the brief names."""
    wish = msgspec.structs.replace(
        reading.wish, bpm=source.plan.bpm, key=source.score.key, metre=source.score.metre, instrumental=False
    )
    if not wish.genres:
        wish = msgspec.structs.replace(wish, genres=source.plan.genres)
    try:
        asked = make_plan(msgspec.structs.replace(brief, instrumental=False), reading.lyrics, wish, voices)
    except CannotWrite as error:
        raise CannotEdit(f"nobody can sing the words: {error}") from error
    return msgspec.structs.replace(
        sung_as(source.plan, asked),
        seed=brief.seed,
        title=reading.title,
        genres=asked.genres,
        guests=asked.guests,
        vocal_effects=asked.vocal_effects,
        mood=asked.mood,
        mix=asked.mix,
        key=source.score.key,
        style_weight=brief.style_weight,
        weirdness=brief.weirdness,
        not_understood=asked.not_understood,
        notes=reading.wish.notes,
    )


def _sections(placed: Sequence[Placement], score: Score) -> tuple[Section, ...]:
    """Return the recording's form with the sections of the words in it; between them it is as it was heard."""
    length = score.metre.bar_length
    total = round(score.length / length)
    edges = {round(section.start / length) for section in score.sections} | {0, total}
    edges = {edge for edge in edges if not any(own.bar < edge < own.bar + own.bars for own in placed)}
    edges |= {edge for own in placed for edge in (own.bar, own.bar + own.bars)}
    sung = {own.bar: own for own in placed}
    found = []
    for first, stop in pairwise(sorted(edges)):
        heard = [section for section in score.sections if section.start <= first * length + 1e-6][-1]
        kind, label = heard.kind, heard.label
        if first in sung:
            kind, label = sung[first].lyrics.kind, sung[first].lyrics.label or heard.label
        elif kind not in (SectionKind.INTRO, SectionKind.OUTRO):
            kind, label = SectionKind.INTERLUDE, "Interlude"
        found.append(Section(kind, label, first * length, stop - first, heard.energy, heard.key))
    return tuple(found)


def _planned(
    placed: Sequence[Placement], sections: Sequence[Section], plan: Plan, length: float
) -> tuple[PlannedSection, ...]:
    """Return the plan's sections along a form, with the words of those that are sung."""
    words = {own.bar: own.lyrics for own in placed}
    found = []
    for section in sections:
        lyrics = words.get(round(section.start / length))
        found.append(
            PlannedSection(
                section.kind,
                section.label,
                section.bars,
                section.energy,
                lyrics,
                lift=nearest_step(plan.key.tonic, section.key.tonic),
                directives=() if lyrics is None else lyrics.directives,
            )
        )
    return tuple(found)


def _own_band(plan: Plan, source: Song) -> Plan:
    """Return the plan without a lead instrument, for the recording leads, and without a beat where it has none."""
    silent = {restyling.LEAD_LAYER}
    if source.heard is not None and not source.heard.pulse:
        silent |= _BEATING
    band = {layer: preset for layer, preset in plan.instruments.items() if layer not in silent}
    return msgspec.structs.replace(plan, instruments=band, seed=plan.seed)
