"""Songs grown from a few bars of another: their tune becomes the hook, their chords the loop, their key and tempo stay.

Everything else is the new song's own: words, form, style, and whatever melody the songwriter finds around the hook.
"""

from collections.abc import Sequence

import msgspec

from descant.compose import songwriting
from descant.compose.errors import CannotWrite
from descant.compose.genres import writing_of
from descant.compose.grid import SLOT, Grid
from descant.compose.leadsheet import HEARD_NOTES, LeadSheet, line_task, read_sheet, theme_lines
from descant.compose.lines import WrittenLine
from descant.compose.planning import make_plan
from descant.compose.remembering import KnownLine
from descant.compose.resketching import notes_of
from descant.compose.sketch import Sketch
from descant.compose.styles.writing import WritingStyle
from descant.compose.writing import with_band
from descant.edit import restyling
from descant.edit.fitting import in_bars
from descant.edit.numerals import progression
from descant.edit.quoting import Chop, Stretching, quote
from descant.edit.recordings import has_recording
from descant.edit.restyling import Intent
from descant.edit.retiming import Stretch, choose, retimed
from descant.edit.revision import CannotEdit, Perform, Revision
from descant.edit.transposing import folded, in_mode
from descant.edit.underlaying import underlay
from descant.song.document import Song
from descant.song.lyrics import SectionKind
from descant.song.orders import SHORTEST_SAMPLE, Sample
from descant.song.plan import Plan
from descant.song.score import ChordSpan, Note, Part, Role, Score, Section
from descant.song.theory import Key, nearest_step
from descant.song.voices import VoiceProfile
from descant.words.errors import WordsError
from descant.words.reading import Reading, read

_LOOPS = (8, 4, 2, 1)  # bars
_ROOM = 0.08  # share by which the tempo may leave the style's range to stay the source's
_LONGEST_MOTIF = 4  # bars
_REST = 2  # slots after the hook
_QUOTING = (SectionKind.INTRO, SectionKind.INTERLUDE, SectionKind.SOLO, SectionKind.OUTRO, SectionKind.DROP)
_HOOKS = (SectionKind.CHORUS, SectionKind.POST_CHORUS)
_OWN_HARMONY = (SectionKind.BRIDGE, SectionKind.PRE_CHORUS, SectionKind.BUILD, SectionKind.BREAK)
_MELODIC = (Role.SYNTH, Role.GUITAR, Role.KEYBOARD, Role.BRASS, Role.STRINGS, Role.WOODWINDS)
_OCTAVES = (-36, -24, -12, 0, 12, 24, 36)


class Motif(msgspec.Struct, frozen=True):
    """What is taken over: a tune from its own bar line on, the bars of chords that go with it, and their key.

    ``first`` is the bar at which the window begins, and ``loop`` which bars, counted from it, the chords are of.
    """

    tune: tuple[Note, ...]
    chords: tuple[tuple[ChordSpan, ...], ...]
    key: Key
    first: int
    loop: tuple[int, ...]

    @property
    def span(self) -> float:
        """Beats from the bar line to the end of the tune."""
        return max(note.start + note.duration for note in self.tune)


def sample(order: Sample, sources: Sequence[Song], voices: Sequence[VoiceProfile]) -> Revision:
    """Return a new song on what is heard of a song (the one source) from ``order.start`` to ``order.stop``.

    Raises
    ------
    CannotEdit : when there is not one source, the window lies outside it, is too short or holds no notes, or the words
        cannot be sung.
    """
    (song,) = restyling.the_sources(sources, 1, "a sample")
    _check(order, song)
    brief = order.brief
    intent = restyling.intent_of(brief, song.plan)
    try:
        reading = read(brief)
    except WordsError as error:
        raise CannotEdit(str(error)) from error
    metre = restyling.metre_for(intent, song.score.metre)
    sheet = in_mode(read_sheet(song.plan, song.score), intent.mode)
    stretch, bpm = choose(sheet, metre, *_tempi(sheet, intent))
    motif = _motif(song.score, retimed(sheet, stretch, bpm), stretch, _beats(order, song))
    wish = msgspec.structs.replace(
        reading.wish,
        genres=reading.wish.genres or song.plan.genres,
        bpm=intent.wish.bpm or round(bpm, 1),
        key=intent.wish.key or motif.key,
        metre=metre,
    )
    try:
        plan = make_plan(brief, reading.lyrics, wish, voices)
        plan = _planned(plan, intent, song, motif, order)
        return _grown(order, song, reading, plan, motif, _chopped(song, motif, stretch, plan))
    except CannotWrite as error:
        raise CannotEdit(str(error)) from error


def _check(order: Sample, song: Song) -> None:
    if not 0.0 <= order.start < order.stop:
        raise CannotEdit(f"the window {order.start:g}–{order.stop:g} s is none; its start comes before its stop")
    if order.start >= song.seconds:
        raise CannotEdit(f"the window begins at {order.start:g} s; the song ends at {song.seconds:.1f} s")
    if min(order.stop, song.seconds) - order.start < SHORTEST_SAMPLE:
        raise CannotEdit(
            f"the window holds less than {SHORTEST_SAMPLE:g} s of the song; at least {SHORTEST_SAMPLE:g} s are needed"
        )


def _beats(order: Sample, song: Song) -> tuple[float, float]:
    """Return the window in beats of the source, inside its bars."""
    score = song.score
    start, stop = (score.tempo_map.beat(seconds - score.lead_in) for seconds in (order.start, order.stop))
    bar = score.metre.bar_length
    return max(0.0, min(start, score.length - bar)), min(max(stop, bar / 2), score.length)


def _tempi(sheet: LeadSheet, intent: Intent) -> tuple[float, float]:
    """Return the lowest and highest tempo: asked for, else the source's as far as the style takes it."""
    if intent.wish.bpm is not None:
        return intent.wish.bpm, intent.wish.bpm
    if intent.own_style:
        return sheet.bpm, sheet.bpm
    low, _, high = intent.writing.bpm
    return low * (1.0 - _ROOM), high * (1.0 + _ROOM)


def _motif(score: Score, sheet: LeadSheet, stretch: Stretch, window: tuple[float, float]) -> Motif:
    """Return the tune and the chords of a window, given in beats of the source, in the sheet's bars."""
    bar = sheet.metre.bar_length
    start, stop = (stretch.slot(beat / SLOT) * SLOT for beat in window)
    first = min(round(start / bar), round(sheet.length / bar) - 1)
    count = max(1, min(round(stop / bar), round(sheet.length / bar)) - first)
    left, right = first * bar, (first + count) * bar
    line = _best_line([*sheet.lead, *theme_lines(sheet)], left, right)
    notes = notes_of(line) if line is not None else _riff(score, stretch, left, right)
    origin = line.task.start * SLOT if line is not None and left <= line.task.start * SLOT < right else left
    limit = origin + min(_LONGEST_MOTIF * bar, max(right - origin, bar))
    tune = tuple(
        Note(n.start - origin, n.duration, n.pitch, n.velocity) for n in notes if left - bar / 4 <= n.start < limit
    )
    if not tune:
        raise CannotEdit("no notes are heard in the window; choose one in which something is sung or played")
    at = round((origin - left) / bar)
    loop = next(bars for bars in _LOOPS if bars <= count)
    chords = in_bars(sheet.chords, left, count, bar)
    order = tuple((at + place) % count for place in range(loop))
    section = next(s for s in reversed(sheet.sections) if s.start <= origin + SLOT)
    return Motif(tune, tuple(tuple(chords[number]) for number in order), section.key, first, order)


def _best_line(lines: Sequence[WrittenLine], left: float, right: float) -> WrittenLine | None:
    """Return the line that most of is heard in a window (beats), a chorus's before others; None where none is."""

    def heard(line: WrittenLine) -> float:
        inside = [n for n in range(len(line.onsets)) if left - 1.0 <= line.beat(n) < right]
        return len(inside) / len(line.onsets) if len(inside) > 1 else 0.0

    sung = [line for line in lines if not line.task.line.rapped and heard(line) > 0.0]
    return max(sung, key=lambda line: (heard(line) > 0.8, line.task.kind in _HOOKS, heard(line)), default=None)


def _riff(score: Score, stretch: Stretch, left: float, right: float) -> tuple[Note, ...]:
    """Return the top line of the busiest instrument in a window (beats after stretching); of the bass where none is."""

    def line(part: Part) -> list[Note]:
        tops: dict[int, int] = {}
        for note in part.notes:
            slot = round(stretch.slot(note.start / SLOT))
            if left <= slot * SLOT < right:
                tops[slot] = max(tops.get(slot, 0), note.pitch)
        slots = sorted(tops)
        ends = [*slots[1:], round(right / SLOT)][: len(slots)]
        return [
            Note(slot * SLOT, min(end - slot, 8) * SLOT, tops[slot], 90) for slot, end in zip(slots, ends, strict=True)
        ]

    heard = [part for part in score.parts if part.role is Role.RECORDING and part.name == HEARD_NOTES]
    for parts in (
        [p for p in score.parts if p.role in _MELODIC],
        heard,
        [p for p in score.parts if p.role is Role.BASS],
    ):
        found = [line(part) for part in parts]
        if any(found):
            return tuple(sorted(found, key=lambda notes: -len(notes))[0])
    return ()


def _planned(plan: Plan, intent: Intent, song: Song, motif: Motif, order: Sample) -> Plan:
    """Return the plan with the sampled chords as its loop, and an instrument for its tune."""
    loop = progression(motif.chords, plan.metre.bar_length, motif.key.tonic)
    sections = tuple(
        section if section.kind in _OWN_HARMONY else msgspec.structs.replace(section, progression=loop)
        for section in plan.sections
    )
    instruments = dict(plan.instruments)
    if not instruments.get(restyling.LEAD_LAYER):
        cast, *_ = restyling.instruments_for(order.brief, intent, song.plan, melody=True)
        instruments[restyling.LEAD_LAYER] = cast[restyling.LEAD_LAYER]
    return msgspec.structs.replace(plan, sections=sections, instruments=instruments)


def _chopped(song: Song, motif: Motif, stretch: Stretch, plan: Plan) -> Stretching | None:
    """Return what is cut out of a recording to be heard itself; None for a song that was written, or out of reach."""
    metre = song.score.metre
    if not has_recording(song.score) or stretch.metre != metre or plan.metre != metre:
        return None
    first = min(motif.loop)  # of a long window only what is looped is cut out
    chop = Chop(
        start=(motif.first + first) * metre.bar_length,
        factor=stretch.factor,
        bars=max(motif.loop) + 1 - first,
        loop=tuple(bar - first for bar in motif.loop),
        chords=motif.chords,
        spacing=60.0 / plan.bpm,
    )
    found = Stretching(song, chop, nearest_step(motif.key.tonic, plan.key.tonic))
    return found if found.is_bearable else None


def _grown(
    order: Sample, song: Song, reading: Reading, plan: Plan, motif: Motif, chopped: Stretching | None
) -> Revision:
    """Return the song written around the motif, performed as a whole, with the sound that is chopped where there is."""
    writing = writing_of(plan.genres)
    place = songwriting.hook_window(plan, writing)
    if place is not None:
        plan = _turned(plan, place[1].bar)
        sung = _sung(motif, plan, writing, place[0])
        sketch = songwriting.write_sketch(plan, writing, given={place[0]: (sung,)} if sung is not None else {})
    else:
        sketch = songwriting.write_sketch(plan, writing)
    plan, score, take = _sampled(plan, sketch, chopped) or _played(plan, _quoting(sketch, plan, motif))
    return Revision(
        brief=order.brief,
        plan=plan,
        score=score,
        title=reading.title,
        lyrics=reading.text,
        tags=order.brief.tags or restyling.style_text(plan),
        takes=(take,),
    )


def _played(plan: Plan, sketch: Sketch) -> tuple[Plan, Score, Perform]:
    """Return a sketch's plan, its score with a band, and how that is performed."""
    score = with_band(plan, sketch)
    return plan, score, Perform(score, plan.seed, plan.mix)


def _sampled(plan: Plan, sketch: Sketch, chopped: Stretching | None) -> tuple[Plan, Score, Perform] | None:
    """Return the same with the sound that is chopped heard in it; None where there is none, or it fits nowhere."""
    if chopped is None:
        return None
    plan, score, take = _played(plan, _left_to_the_sample(sketch, plan))
    quoted = quote(chopped, plan, score)
    if quoted is None:
        return None
    sampled, score = quoted
    plan = msgspec.structs.replace(plan, notes=(*plan.notes, chopped.told(sampled)))
    return plan, score, msgspec.structs.replace(take, sampled=sampled)


def _left_to_the_sample(sketch: Sketch, plan: Plan) -> Sketch:
    """Return the sketch with no tune of an instrument where the sample itself is heard in front."""
    themes = tuple(
        () if plan.sections[number].lyrics is None and section.kind in (*_QUOTING, *_HOOKS) else sketch.themes[number]
        for number, section in enumerate(sketch.sections)
    )
    return msgspec.structs.replace(sketch, themes=themes)


def _turned(plan: Plan, bars: int) -> Plan:
    """Return the plan with its choruses' loop begun so that it stands at its first bar where the hook does."""

    def turned(text: str) -> str:
        loop = text.split()
        at = -bars % len(loop)
        return " ".join(loop[at:] + loop[:at])

    sections = tuple(
        msgspec.structs.replace(s, progression=turned(s.progression)) if s.kind is SectionKind.CHORUS else s
        for s in plan.sections
    )
    return msgspec.structs.replace(plan, sections=sections)


def _sung(motif: Motif, plan: Plan, style: WritingStyle, section: int) -> KnownLine | None:
    """Return the hook's words to the motif's tune in the singer's range; None where they are not sung."""
    place = songwriting.hook_window(plan, style)
    assert place is not None  # it was there before the chords were turned
    window = place[1]
    if window.line.rapped:
        return None
    grid = Grid(plan.metre)
    slots = window.bars * grid.slots
    key = Key((plan.key.tonic + plan.sections[section].lift) % 12, plan.key.mode)
    notes = [note for note in motif.tune if round(note.start / SLOT) < slots - _REST]
    notes = notes or list(motif.tune[:1])
    move = nearest_step(motif.key.tonic, key.tonic)
    middle = (min(n.pitch for n in notes) + max(n.pitch for n in notes)) / 2 + move
    move += min(_OCTAVES, key=lambda octave: abs(middle + octave - plan.vocal_centre - 2))

    frame = Section(plan.sections[section].kind, "", 0.0, plan.sections[section].bars, 0.5, key)
    task = line_task(plan.key, frame, section, 0, window.line, (0, slots))
    onsets = [round(note.start / SLOT) for note in notes]
    ends = [*onsets[1:], slots - _REST]
    lengths = [
        max(1, min(round(note.duration / SLOT), end - onset))
        for note, onset, end in zip(notes, onsets, ends, strict=True)
    ]
    melody = WrittenLine(
        task,
        tuple(onsets),
        tuple(lengths),
        tuple(folded(note.pitch + move, *plan.vocal_range) for note in notes),
        tuple((n, 0) for n in range(len(notes))),
    )
    return KnownLine(window, underlay(melody, window.line, grid, slots - _REST))


def _quoting(sketch: Sketch, plan: Plan, motif: Motif) -> Sketch:
    """Return the sketch with the motif where instruments lead: looped in intros and solos, opening a theme's chorus."""
    bar = plan.metre.bar_length
    bars = max(len(motif.chords), -(-round(motif.span / SLOT) // round(bar / SLOT)))
    move = nearest_step(motif.key.tonic, plan.key.tonic)
    own = tuple(msgspec.structs.replace(note, pitch=note.pitch + move) for note in motif.tune)
    themes = []
    for number, section in enumerate(sketch.sections):
        sung = plan.sections[number].lyrics is not None
        quotes = section.kind in _QUOTING or (section.kind in _HOOKS and not sung)
        if sung or not quotes or section.bars * bar < motif.span:
            themes.append(sketch.themes[number])
            continue
        lift = plan.sections[number].lift
        room = section.bars // bars * bars if section.bars >= bars else bars
        starts = [section.start + n * bar for n in range(0, room, bars)]
        themes.append(
            tuple(
                msgspec.structs.replace(note, start=start + note.start, pitch=note.pitch + lift)
                for start in starts
                for note in own
            )
        )
    return msgspec.structs.replace(sketch, themes=tuple(themes), hook=own)
