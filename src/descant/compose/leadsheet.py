"""The lead sheet of a written song: its form, chords, sung lines and themes, freed of the band that plays them.

What a cover, a new arrangement or a mashup starts from. A sheet is read back from a score (:func:`read_sheet`), may be
changed like any value, and becomes a sketch for another band in :mod:`~descant.compose.resketching`.

Conventions: times in slots (sixteenths) inside lines, in beats elsewhere; pitch in MIDI numbers.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from descant.compose.duets import TOGETHER
from descant.compose.grid import SLOT
from descant.compose.lineplans import LinePlan
from descant.compose.lines import LineTask, WrittenLine
from descant.compose.phrases import SungLine
from descant.song.lyrics import LyricSection, SectionKind
from descant.song.plan import Guest, Plan
from descant.song.score import ChordSpan, Note, Part, Phrase, Role, Score, Section, SungNote, VocalPart
from descant.song.tempo import Metre
from descant.song.theory import Key, nearest_step

NO_PLAN = LinePlan(None, 0.0, 0.0, 0, "free", "arch", 0.0)
"""The plan of a line that is already written."""

HEARD_MELODY, HEARD_NOTES = "lead melody", "notes"
"""Names of the parts of a recording that hold its tune where nobody sings it, and all of its notes."""

_PICKUP = 4  # slots before a bar line that belong to the bar after it
_THEME_BEATS = 1.0  # beats of silence that end a phrase of an instrument
_UNPITCHED = (Role.DRUMS, Role.PERCUSSION, Role.FX, Role.BASS)
_SOLO = " solo"  # how the arranger names the part that plays one section's solo


class LeadSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Melody, words, chords and form of a song.

    Attributes
    ----------
    bpm : the tempo most of the song runs at.
    sections : as in the score. ``directives`` and ``lyrics`` (None where nobody sings) are parallel to them.
    chords : from beat 0 to the end without gaps.
    lead : the lead's lines, guests' among them (``task.line.voice`` says whose), rising in time.
    replies : the lines of the backing voice that sings between the lead's.
    themes : notes of the lead instrument by section, empty where somebody sings.
    guests : who sings besides the lead.
    centre : middle of the voice that the lead is written for.
    fades : whether the song fades out instead of closing.
    quoted : what instruments quote in place of the sung hook, times counted from its bar line; empty for the hook.
    """

    title: str
    bpm: float
    metre: Metre
    key: Key
    sections: tuple[Section, ...]
    directives: tuple[tuple[str, ...], ...]
    lyrics: tuple[LyricSection | None, ...]
    chords: tuple[ChordSpan, ...]
    lead: tuple[WrittenLine, ...]
    replies: tuple[WrittenLine, ...]
    themes: tuple[tuple[Note, ...], ...]
    guests: tuple[Guest, ...] = ()
    centre: int = 66
    fades: bool = False
    quoted: tuple[Note, ...] = ()

    @property
    def length(self) -> float:
        """Length of the song in beats."""
        last = self.sections[-1]
        return last.start + last.bars * self.metre.bar_length

    def lift(self, section: int) -> int:
        """Return by how many semitones a section lies over the song's key, −5 … 6."""
        return nearest_step(self.key.tonic, self.sections[section].key.tonic)

    def lines_of(self, section: int) -> tuple[WrittenLine, ...]:
        """Return the lead's lines in a section."""
        return tuple(line for line in self.lead if line.task.section == section)


def read_sheet(plan: Plan, score: Score) -> LeadSheet:
    """Return the lead sheet of a written song."""
    parallel = len(plan.sections) == len(score.sections)
    voice = _lead_voice(plan, score)
    guests = _guests(plan, score, voice)
    lead = _lead_lines(score, voice, guests)
    sung = {line.task.section for line in lead}
    backing = [part for part in score.vocals if part.name == "backing vocal"]
    return LeadSheet(
        title=score.title,
        bpm=_main_tempo(score),
        metre=score.metre,
        key=score.key,
        sections=score.sections,
        directives=tuple(s.directives for s in plan.sections) if parallel else ((),) * len(score.sections),
        lyrics=tuple(s.lyrics for s in plan.sections) if parallel else (None,) * len(score.sections),
        chords=score.chords,
        lead=lead,
        replies=_lines(score, [(phrase, "") for part in backing for phrase in part.phrases]),
        themes=_themes(plan, score, sung),
        guests=guests,
        centre=plan.vocal_centre,
        fades=score.fade is not None,
    )


def line_task(
    sheet_key: Key, section: Section, number: int, index: int, line: SungLine, span: tuple[int, int]
) -> LineTask:
    """Return the task of a line that is already written.

    Parameters
    ----------
    number, index : of the section in the song and of the line in it.
    span : first slot of its window in the song, and the window's slots.
    """
    return LineTask(
        section=number,
        index=index,
        kind=section.kind,
        start=span[0],
        slots=span[1],
        line=line,
        plan=NO_PLAN,
        tonic=section.key.tonic,
        minor=section.key.is_minor,
        scale=section.key.scale,
        lift=nearest_step(sheet_key.tonic, section.key.tonic),
    )


def hook_line(title: str, lines: Sequence[WrittenLine]) -> WrittenLine | None:
    """Return the song's hook: a line among the first two of the first chorus that names it, else the chorus's first."""
    if not lines:
        return None
    choruses = [line for line in lines if line.task.kind is SectionKind.CHORUS]
    if not choruses:
        return lines[0]
    opening = [line for line in choruses if line.task.section == choruses[0].task.section][:2]
    named = [line for line in opening if len(title) > 3 and title.lower() in line.task.line.text.lower()]
    return (named or opening)[0]


def lines_of_part(score: Score, part: VocalPart) -> tuple[WrittenLine, ...]:
    """Return what one singer sings as lines; every phrase has its own, in order."""
    return _lines(score, [(phrase, "") for phrase in part.phrases])


def theme_lines(sheet: LeadSheet) -> tuple[WrittenLine, ...]:
    """Return the themes of an instrumental as wordless lines, parted where the instrument rests."""
    bar = round(sheet.metre.bar_length / SLOT)
    found = []
    for number, notes in enumerate(sheet.themes):
        section = sheet.sections[number]
        groups = _parted(notes)
        spans = _spans([round(group[0].start / SLOT) for group in groups], section, bar)
        for index, (group, span) in enumerate(zip(groups, spans, strict=True)):
            task = line_task(sheet.key, section, number, index, SungLine("", ()), span)
            onsets = [round(note.start / SLOT) - span[0] for note in group]
            line = _line(task, onsets, [note.duration for note in group], [note.pitch for note in group])
            found.append(msgspec.structs.replace(line, places=tuple((n, 0) for n in range(len(line.onsets)))))
    return tuple(found)


def _parted(notes: Sequence[Note]) -> list[list[Note]]:
    groups: list[list[Note]] = []
    for note in notes:
        if groups and note.start - groups[-1][-1].start - groups[-1][-1].duration < _THEME_BEATS:
            groups[-1].append(note)
        else:
            groups.append([note])
    return groups


def _lead_voice(plan: Plan, score: Score) -> str:
    leads = [part for part in score.vocals if part.leads]
    own = [part.voice for part in leads if part.voice == plan.voice]
    return own[0] if own else leads[0].voice if leads else ""


def _guests(plan: Plan, score: Score, voice: str) -> tuple[Guest, ...]:
    """Return the plan's guests, and a guest for every other voice that sings lines of the lead."""
    guests = list(plan.guests)
    for part in score.vocals:
        known = {voice, *(guest.voice for guest in guests)}
        if part.leads and part.voice not in known:
            pitches = sorted(note.pitch for phrase in part.phrases for note in phrase.notes)
            guests.append(
                Guest((part.name,), part.voice, pitches[len(pitches) // 2], (pitches[0] - 3, pitches[-1] + 3))
            )
    return tuple(guests)


def _lead_lines(score: Score, voice: str, guests: Sequence[Guest]) -> tuple[WrittenLine, ...]:
    joined = {
        (phrase.section, phrase.notes[0].start)
        for part in score.vocals
        if part.name.startswith("joining vocal")
        for phrase in part.phrases
        if phrase.notes
    }
    names = {guest.voice: guest.names[0] for guest in guests}
    written = [_span(p) for part in score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases if p.notes]
    phrases: list[tuple[Phrase, str]] = []
    for part in score.vocals:
        if part.leads:
            own = [p for p in part.phrases if part.role is Role.LEAD_VOCAL or not _sung_over(p, written)]
            phrases += [(phrase, _singer(part, phrase, voice, names, joined)) for phrase in own]
    return _lines(score, phrases)


def _span(phrase: Phrase) -> tuple[float, float]:
    return phrase.notes[0].start, phrase.notes[-1].start + phrase.notes[-1].duration


def _sung_over(phrase: Phrase, written: Sequence[tuple[float, float]]) -> bool:
    """Return whether a phrase that was heard in a recording is covered by one that is sung over it."""
    if not phrase.notes:
        return False
    start, stop = _span(phrase)
    return any(left < stop and start < right for left, right in written)


def _singer(part: VocalPart, phrase: Phrase, voice: str, names: dict[str, str], joined: set[tuple[int, float]]) -> str:
    if part.voice != voice:
        return names.get(part.voice, "")
    return TOGETHER if phrase.notes and (phrase.section, phrase.notes[0].start) in joined else ""


def _lines(score: Score, phrases: Sequence[tuple[Phrase, str]]) -> tuple[WrittenLine, ...]:
    """Return phrases, each with the name of who sings it, as lines with their windows."""
    bar = round(score.metre.bar_length / SLOT)
    ordered = sorted(((p, v) for p, v in phrases if p.notes), key=lambda pair: pair[0].notes[0].start)
    found = []
    for number, section in enumerate(score.sections):
        own = [(phrase, voice) for phrase, voice in ordered if phrase.section == number]
        spans = _spans([round(phrase.notes[0].start / SLOT) for phrase, _ in own], section, bar)
        for index, ((phrase, voice), span) in enumerate(zip(own, spans, strict=True)):
            sung = SungLine(phrase.text, phrase.words, language=phrase.language, delivery=phrase.delivery, voice=voice)
            task = line_task(score.key, section, number, index, sung, span)
            found.append(_written(task, phrase.notes))
    return tuple(found)


def _written(task: LineTask, notes: Sequence[SungNote]) -> WrittenLine:
    onsets = [round(note.start / SLOT) - task.start for note in notes]
    line = _line(task, onsets, [note.duration for note in notes], [note.pitch for note in notes])
    return msgspec.structs.replace(line, places=tuple((note.word, note.syllable) for note in notes))


def _line(task: LineTask, onsets: Sequence[int], beats: Sequence[float], pitches: Sequence[int]) -> WrittenLine:
    """Return a line whose onsets rise strictly and whose notes end where the next begins at the latest."""
    placed: list[int] = []
    for onset in onsets:
        placed.append(max(onset, placed[-1] + 1) if placed else onset)
    lengths = [max(1, round(length / SLOT)) for length in beats]
    room = [after - onset for onset, after in pairwise(placed)] + [lengths[-1]]
    return WrittenLine(
        task, tuple(placed), tuple(min(pair) for pair in zip(lengths, room, strict=True)), tuple(pitches), ()
    )


def _spans(firsts: Sequence[int], section: Section, bar: int) -> list[tuple[int, int]]:
    """Return the window (first slot, slots) of each line of a section, from bar line to bar line."""
    opening = round(section.start / SLOT)
    end = opening + section.bars * bar
    starts: list[int] = []
    for first in firsts:
        line = (first + _PICKUP) // bar * bar + (opening % bar)
        starts.append(min(max(line, opening, *starts[-1:]), end - bar))
    return [(start, max(bar, following - start)) for start, following in zip(starts, [*starts[1:], end], strict=False)]


def _themes(plan: Plan, score: Score, sung: set[int]) -> tuple[tuple[Note, ...], ...]:
    """Return the lead instrument's notes in the sections where nobody sings."""
    own = _lead_part(plan, score, instrumental=not sung)
    bar = score.metre.bar_length
    found = []
    for number, section in enumerate(score.sections):
        stop = section.start + section.bars * bar
        solos = [part for part in score.parts if part.name.endswith(_SOLO) and _inside(part, section.start, stop)]
        player = solos[0] if solos else own
        found.append(_inside(player, section.start, stop) if player is not None and number not in sung else ())
    return tuple(found)


def _inside(part: Part, start: float, stop: float) -> tuple[Note, ...]:
    """Return a part's notes that begin in a span, as notated: one at a time, on the grid of slots."""
    notes: list[Note] = []
    for note in part.notes:
        at = round(note.start / SLOT) * SLOT
        if start - SLOT / 2 <= note.start < stop - SLOT / 2 and (not notes or at > notes[-1].start):
            notes.append(Note(at, max(SLOT, round(note.duration / SLOT) * SLOT), note.pitch, note.velocity))
    return tuple(notes)


def _lead_part(plan: Plan, score: Score, *, instrumental: bool) -> Part | None:
    """Return the lead instrument's part; in an instrumental without one, the highest that is no accompaniment."""
    names = (HEARD_MELODY, HEARD_NOTES)
    heard = {part.name: part for part in score.parts if part.role is Role.RECORDING and part.name in names}
    if heard:
        return heard.get(HEARD_MELODY) or (heard.get(HEARD_NOTES) if instrumental else None)
    preset = plan.instruments.get("lead", "")
    leads = [part for part in score.parts if part.instrument == preset and not part.name.endswith(_SOLO)]
    plain = preset.replace("_", " ")  # guitars that share the preset are named for their side
    leads.sort(key=lambda part: ("(lead)" not in part.name, part.name != plain))
    if leads or not instrumental:
        return leads[0] if leads else None
    pitched = [part for part in score.parts if part.role not in _UNPITCHED and part.notes]
    return max(pitched, key=lambda part: sum(n.pitch for n in part.notes) / len(part.notes), default=None)


def _main_tempo(score: Score) -> float:
    """Return the tempo in the middle of all beats: the one that most run at, or of one that drifts, its middle."""
    ends = [change.beat for change in score.tempo[1:]] + [max(score.length, score.tempo[-1].beat)]
    held = sorted((change.bpm, end - change.beat) for change, end in zip(score.tempo, ends, strict=True))
    left = sum(beats for _, beats in held) / 2
    for bpm, beats in held:
        left -= beats
        if left <= 0:
            return bpm
    return held[-1][0]
