"""The plan of a song that goes on: what it has stays, what new tags name changes, new words get sections of their own.

What new tags change is found by planning twice from the song's seed, once with its old tags and once with the new ones
added: what differs is what they ask for. Everything else is carried on from the song, which may have been changed by
hand since.
"""

from collections.abc import Sequence

import msgspec

from descant.compose import form
from descant.compose.choices import sharpness
from descant.compose.duets import TOGETHER
from descant.compose.genres import writing_of
from descant.compose.leadsheet import LeadSheet, read_sheet
from descant.compose.planning import make_plan
from descant.compose.progressions import with_progressions
from descant.compose.remembering import Remembered
from descant.compose.singers import wanted_gender
from descant.compose.styles.writing import WritingStyle
from descant.edit.fitting import in_bars
from descant.edit.grafting import pace, tempo_at
from descant.edit.numerals import progression
from descant.edit.recordings import has_recording
from descant.edit.singing import sung_as
from descant.edit.transposing import best_move, in_mode, moved_to, replies_within, within
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.plan import Guest, Plan, PlannedSection
from descant.song.score import Score, Section
from descant.song.theory import Key
from descant.song.voices import VoiceProfile
from descant.song.wish import Wish
from descant.words import tags
from descant.words.reading import merge

_BAND = ("genres", "swing", "swing_unit", "mix", "mood")
_JUST_BEFORE = 1e-3  # beats
_LOOPS = (8, 4, 2, 1)  # bars of heard chords that go on as a loop, the most that there are
_STRIDE = (0.85, 0.4)  # share of the energy reached that the first sections after a recording keep
_SHORT_LOOP = 4  # bars of a section from which its own chords are enough


class Continuation(msgspec.Struct, frozen=True):
    """A plan of what was and what follows, the number of sections that were, and what of it is remembered."""

    plan: Plan
    written: int
    remembered: Remembered


def plan_continuation(
    brief: Brief, source: Song, past: Score, lyrics: Lyrics, wish: Wish, voices: Sequence[VoiceProfile]
) -> Continuation:
    """Return the plan of a song that goes on.

    Parameters
    ----------
    brief, lyrics, wish : what is asked of what follows.
    source : the song that goes on.
    past : the score of all that is heard before what follows; its last section may be cut short.
    voices : the singers at hand.

    Raises
    ------
    CannotWrite : when there are words and no voice.
    """
    old = tags.read(source.tags, source.brief.negative_tags)
    key = _key(wish, past)
    plans = _drafted(brief, source, past, lyrics, (old, wish, key), voices)
    plan = _carried(source.plan, plans.base, plans.asked)
    if _wants_other_voice(brief, wish, old, source.plan, voices) or (plans.asked.voice and not source.plan.voice):
        plan = sung_as(plan, plans.asked)
    sheet = _in_plan(read_sheet(source.plan, past), plan, key, source.plan)
    fresh = plans.fresh
    plan = msgspec.structs.replace(
        plan,
        title=brief.title or source.title,
        bpm=fresh.bpm,
        key=key,
        metre=past.metre,
        sections=(*_written(sheet), *_following(fresh, sheet, _last_lift(sheet) if key == past.key else 0)),
        guests=_guests(source.plan, plans.asked),
        style_weight=brief.style_weight,
        weirdness=brief.weirdness,
        odd_phrases=fresh.odd_phrases,
        fade_out=fresh.fade_out,
        not_understood=fresh.not_understood,
        notes=(*fresh.notes, *_metre_note(wish, past)),
    )
    writing = writing_of(plan.genres)
    plan = _with_energy(plan, writing, len(sheet.sections))
    plan = with_progressions(plan, writing, sharpness(brief.style_weight, brief.weirdness))
    written = len(sheet.sections)
    remembered = Remembered(seed=brief.seed, sheet=sheet)
    if has_recording(past):
        plan = _in_its_stride(_in_loops(plan, sheet), written)
        remembered = msgspec.structs.replace(remembered, on_progressions=(written,))  # the loop goes on over the join
    return Continuation(plan, written, remembered)


class _Drafts(msgspec.Struct, frozen=True):
    """Plans for the new words: as the song was asked for, as it is asked for now, and that with a seed of its own."""

    base: Plan
    asked: Plan
    fresh: Plan


def _drafted(
    brief: Brief,
    source: Song,
    past: Score,
    lyrics: Lyrics,
    wishes: tuple[Wish, Wish, Key],
    voices: Sequence[VoiceProfile],
) -> _Drafts:
    """Return the plans that are compared; ``wishes`` are the old, the new, and the key that the song goes on in."""
    old, wish, key = wishes
    own = pace(past, past.length) if has_recording(past) else tempo_at(past, past.length - _JUST_BEFORE)
    held = {"key": key, "mode": None, "metre": past.metre, "instrumental": wish.instrumental}
    other = wish.tempo_word and wish.tempo_word != old.tempo_word
    bpm = wish.bpm or (None if other else own)
    same = msgspec.structs.replace(old, **held, bpm=own, seconds=None)
    wished = msgspec.structs.replace(merge(wish, _lasting(wish, old)), **held, bpm=bpm)
    whole = msgspec.structs.replace(brief, seed=source.plan.seed)
    usual = msgspec.structs.replace(
        whole,
        style_weight=source.plan.style_weight,
        weirdness=source.plan.weirdness,
        vocal_gender=None,
        persona=None,
    )
    asked = make_plan(whole, lyrics, wished, voices)
    fresh = make_plan(brief, lyrics, msgspec.structs.replace(wished, bpm=asked.bpm), voices)
    return _Drafts(make_plan(usual, lyrics, same, voices), asked, fresh)


def _with_energy(plan: Plan, style: WritingStyle, written: int) -> Plan:
    """Return the plan with the energies of its new sections set among those that are written."""
    levels = form.with_energy(plan.sections, style, plan.seed, plan.mood.energy, plan.mood.dynamics)
    return msgspec.structs.replace(plan, sections=(*plan.sections[:written], *levels[written:]))


def _in_loops(plan: Plan, sheet: LeadSheet) -> Plan:
    """Return the plan with the chords heard last as the loop of every new section: nothing else says how it goes on.

    Sections of a kind that was heard return with their own chords all the same
    (:func:`~descant.compose.remembering.returning_chords`).
    """
    bar = sheet.metre.bar_length
    heard = sheet.sections[-1].bars if sheet.sections[-1].bars >= _SHORT_LOOP else round(sheet.length / bar)
    bars = next(bars for bars in _LOOPS if bars <= heard)
    loop = progression(in_bars(sheet.chords, sheet.length - bars * bar, bars, bar), bar, sheet.key.tonic)
    written = len(sheet.sections)
    following = tuple(msgspec.structs.replace(section, progression=loop) for section in plan.sections[written:])
    return msgspec.structs.replace(plan, sections=(*plan.sections[:written], *following))


def _in_its_stride(plan: Plan, written: int) -> Plan:
    """Return the plan with new sections that begin as full as a recording is where it is left, and find their own way.

    What kind of section is heard there nobody knows for certain, but how much is going on is.
    """
    reached = plan.sections[written - 1].energy
    off = reached - plan.sections[written].energy
    following = [
        msgspec.structs.replace(section, energy=round(min(1.0, max(0.1, section.energy + share * off)), 3))
        for section, share in zip(plan.sections[written:], _STRIDE, strict=False)
    ]
    sections = (*plan.sections[:written], *following, *plan.sections[written + len(following) :])
    return msgspec.structs.replace(plan, sections=sections)


def _lasting(wish: Wish, old: Wish) -> Wish:
    """Return the old wishes that new ones leave standing: another genre brings its own instruments and mood."""
    if not wish.genres or wish.genres == old.genres:
        return msgspec.structs.replace(old, seconds=None, notes=(), not_understood=())
    return Wish(voice=old.voice, excluded=old.excluded)


def _key(wish: Wish, past: Score) -> Key:
    if wish.key is not None:
        return wish.key
    return past.key if wish.mode is None or wish.mode == past.key.mode else Key(past.key.tonic, wish.mode)


def _metre_note(wish: Wish, past: Score) -> tuple[str, ...]:
    if wish.metre is None or wish.metre == past.metre:
        return ()
    return (f"a song keeps its metre when it goes on: {past.metre.beats}/{past.metre.unit}",)


def _carried(plan: Plan, base: Plan, asked: Plan) -> Plan:
    """Return the song's plan with what the new tags change: the difference between two plans from its seed."""
    changes = {name: getattr(asked, name) for name in _BAND if getattr(asked, name) != getattr(base, name)}
    if "genres" in changes:
        return msgspec.structs.replace(plan, **changes, instruments=asked.instruments)
    layers = dict.fromkeys((*base.instruments, *asked.instruments))
    changed = {
        name: asked.instruments.get(name, "")
        for name in layers
        if base.instruments.get(name) != asked.instruments.get(name)
    }
    band = {name: preset for name, preset in {**plan.instruments, **changed}.items() if preset}
    return msgspec.structs.replace(plan, **changes, instruments=band)


def _wants_other_voice(brief: Brief, wish: Wish, old: Wish, plan: Plan, voices: Sequence[VoiceProfile]) -> bool:
    """Whether a persona, a gender or a new word about the voice asks for another singer than the song's."""
    if brief.persona is not None:
        return True
    own = next((voice for voice in voices if voice.name == plan.voice), None)
    gender = wanted_gender(brief.vocal_gender, wish.voice)
    if own is not None and gender is not None and gender != own.gender:
        return True
    new = set(wish.voice) - set(old.voice)
    return bool(own is not None and any(new & set(voice.words) for voice in voices) and not new & set(own.words))


def _guests(plan: Plan, asked: Plan) -> tuple[Guest, ...]:
    """Return the song's guests, and new ones whom new words name."""
    known = {name for guest in plan.guests for name in guest.names} | ({TOGETHER} if plan.guests else set())
    taken = {guest.voice for guest in plan.guests} | {plan.voice}
    new = [guest for guest in asked.guests if not known.issuperset(guest.names) and guest.voice not in taken]
    return (*plan.guests, *new)


def _in_plan(sheet: LeadSheet, plan: Plan, key: Key, old: Plan) -> LeadSheet:
    """Return what is remembered in the key, mode and voice in which the song goes on."""
    moves = (0, 0)
    if key.tonic != sheet.key.tonic or (plan.voice != old.voice and sheet.lead):
        moves = best_move(sheet, plan.vocal_range, plan.vocal_centre, key.tonic)
    if moves != (0, 0):
        sheet = moved_to(sheet, *moves)
    sheet = in_mode(sheet, key.mode)
    if moves == (0, 0) and plan.voice == old.voice:
        return sheet
    sheet = within(sheet, plan.vocal_range, plan.vocal_centre, sheet.guests)
    return replies_within(sheet, plan.backing_range)


def _last_lift(sheet: LeadSheet) -> int:
    """Return the semitones over the song's key that it has reached."""
    return sheet.lift(len(sheet.sections) - 1)


def _written(sheet: LeadSheet) -> tuple[PlannedSection, ...]:
    return tuple(
        PlannedSection(section.kind, section.label, section.bars, section.energy, lift=sheet.lift(i))
        for i, section in enumerate(sheet.sections)
    )


def _following(fresh: Plan, sheet: LeadSheet, lift: int) -> tuple[PlannedSection, ...]:
    """Return the new sections: without an added intro, numbered on, in the key reached, returns at full length."""
    sections = list(fresh.sections)
    if len(sections) > 1 and sections[0].kind is SectionKind.INTRO and sections[0].lyrics is None:
        del sections[0]
    known = [*sheet.sections]
    following = []
    for section in sections:
        section = msgspec.structs.replace(section, lift=section.lift + lift, label=_label(section, known))
        bars = _bars_of_return(section, sheet)
        following.append(msgspec.structs.replace(section, bars=bars) if bars else section)
        known.append(Section(section.kind, section.label, 0.0, section.bars, 0.0, fresh.key))
    return tuple(following)


def _label(section: PlannedSection, known: Sequence[Section]) -> str:
    """Return a section's label; a verse gets the next number where the song has numbered ones or that one already."""
    labels = {other.label for other in known}
    name, _, number = section.label.rpartition(" ")
    if section.kind is SectionKind.VERSE and section.label and not number.isdigit():
        name = section.label
    elif section.label not in labels or not number.isdigit():
        return section.label
    numbers = [int(n) for n in (label.removeprefix(f"{name} ") for label in labels) if n.isdigit()]
    return f"{name} {max(numbers) + 1}" if numbers else section.label


def _bars_of_return(section: PlannedSection, sheet: LeadSheet) -> int:
    """Return the bars of the section whose kind and words come back; 0 where they are new.

    A section that was cut before its backing voices had sung is none that comes back.
    """
    if section.lyrics is None:
        return 0
    words = tuple(word.spoken for line in section.lyrics.lines if not line.backing for word in line.words)
    for i, model in enumerate(sheet.sections):
        sung = tuple(word for line in sheet.lines_of(i) for word in line.task.line.same_words)
        cut = model.bars < section.bars and any(line.backing for line in section.lyrics.lines)
        if model.kind is section.kind and sung == words and not cut:
            return model.bars
    return 0
