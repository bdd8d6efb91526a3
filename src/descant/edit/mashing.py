"""Mashups: the voices of one song over the band of another, in one tempo, one key and one form.

The form, melody and words are the vocal song's; the instruments, patterns, hook and, where the melody allows it, the
chords are the band song's. The band keeps its seed, so that its grooves and riffs are drawn as in its own song.
"""

from collections.abc import Sequence

import msgspec

from descant.compose.leadsheet import LeadSheet, read_sheet
from descant.compose.resketching import hook_notes
from descant.edit import restyling
from descant.edit.accompanying import over_recording
from descant.edit.breathing import breathing
from descant.edit.covering import as_instrumental, as_song, new_words, performed, plan_for
from descant.edit.fitting import Sounding, between, clash, in_bars, melody_of
from descant.edit.lengths import within_length
from descant.edit.recordings import has_recording
from descant.edit.restyling import Intent
from descant.edit.retiming import choose, retimed
from descant.edit.revision import Revision
from descant.edit.rewording import match_section, reworded
from descant.edit.singing import Cast, answered, cast_for, placed
from descant.edit.transposing import in_mode, misfit, moved_to
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.lyrics import Lyrics
from descant.song.orders import Mashup
from descant.song.plan import Plan
from descant.song.score import ChordSpan, Note, Section
from descant.song.streams import stream
from descant.song.theory import Key, nearest_step
from descant.song.voices import VoiceProfile
from descant.words.reading import INSTRUMENTAL_MARKER

_PULL = 0.08  # share by which the tempo may lie off the band's, towards the voices'
_BAND_MOVES = range(-3, 4)  # semitones by which the band may be transposed
_BAND_MOVE = 0.7  # cost of each, against a badly placed voice (:func:`~descant.edit.transposing.misfit`)
_LEAVE = 0.5  # beats of clash a bar that the band's chords may cost more than the song's own
_TURNED = 0.4  # cost of beginning the band's progression elsewhere than at its start
_TITLE = 80  # characters


def mashup(order: Mashup, sources: Sequence[Song], voices: Sequence[VoiceProfile]) -> Revision:
    """Return the voices of source 1 over the band of source 2.

    Of a recording its sound is the band, where that can be stretched and transposed so far.

    Where only source 2 is sung, its voices are heard over the band of source 1; where neither is, the lead instrument
    takes the melody of source 1.

    Raises
    ------
    CannotEdit : when there are not two sources, nobody can sing them, or the song would last too long.
    """
    sung, band = restyling.the_sources(sources, 2, "a mashup")
    brief = order.brief
    notes: tuple[str, ...] = ()
    if not sung.score.vocals and band.score.vocals:
        sung, band = band, sung
        notes = (f"only {sung.title!r} is sung; its voices stand over the band of {band.title!r}",)
    intent = restyling.intent_of(brief, band.plan)
    words = new_words(brief)
    sheet = _voices(read_sheet(sung.plan, sung.score), brief, intent, words)
    under = read_sheet(band.plan, band.score)
    sheet, under, sped = _in_time(sheet, under, brief, intent)
    cast = cast_for(sheet, brief, intent, words, sung.plan, voices) if sheet.lead else Cast()
    sheet, under = _in_key(sheet, under, cast, intent)
    sheet, kept = _over(sheet, under)
    title = brief.title or f"{sung.title} vs. {band.title}"[:_TITLE]
    sheet = msgspec.structs.replace(sheet, title=title, quoted=hook_notes(under), fades=sheet.fades)
    notes += (
        *sped,
        f"the band's own chords carry {kept:.0%} of the bars",
    )
    plan, sheet = _plan(brief, intent, band.plan, sheet, cast, notes)
    if words is not None:
        sheet = answered(plan, sheet)
    text = brief.lyrics if words is not None else sung.lyrics if sheet.lead else INSTRUMENTAL_MARKER
    revision = performed(brief, plan, sheet, intent, text, band)
    if not sheet.lead or not has_recording(band.score):
        return revision
    move = nearest_step(band.score.key.tonic, under.key.tonic)
    return over_recording(revision, band, int(band is sources[1]), under, move) or revision


def _voices(sheet: LeadSheet, brief: Brief, intent: Intent, words: Lyrics | None) -> LeadSheet:
    """Return the vocal song's sheet: with new words where there are any, played where no voice is wanted."""
    if words is not None:
        return reworded(sheet if sheet.lead else as_song(sheet), words)
    return as_instrumental(sheet) if brief.instrumental or intent.wish.instrumental else sheet


def _in_time(
    sheet: LeadSheet, under: LeadSheet, brief: Brief, intent: Intent
) -> tuple[LeadSheet, LeadSheet, tuple[str, ...]]:
    """Return both sheets in one metre and tempo, and notes: asked for, else the band's, a little nearer to the voices'.

    The tempo rises where the song would last too long.
    """
    metre = intent.wish.metre or under.metre
    asked = intent.wish.bpm
    stretch, bpm = choose(under, metre, *((asked, asked) if asked is not None else (under.bpm, under.bpm)))
    under = retimed(under, stretch, bpm)
    pull = 0.0 if asked is not None else _PULL * float(stream(brief.seed, "mashup.tempo").random())
    stretch, bpm = choose(sheet, metre, under.bpm * (1.0 - pull), under.bpm * (1.0 + pull))
    bpm = asked or round(bpm, 1)
    sheet, notes = within_length(retimed(sheet, stretch, bpm), intent, brief.max_seconds)
    return breathing(sheet), msgspec.structs.replace(under, bpm=sheet.bpm), notes


def _in_key(sheet: LeadSheet, under: LeadSheet, cast: Cast, intent: Intent) -> tuple[LeadSheet, LeadSheet]:
    """Return both sheets in one key: asked for, else the band's or one near it that lies better for the voice.

    Songs of one mode meet on their tonics, major and minor ones as relatives, on the same notes.
    """
    wish = intent.wish
    sheet, under = in_mode(sheet, intent.mode), in_mode(under, intent.mode)
    moves = list(_BAND_MOVES)
    if wish.key is not None:
        moves = [nearest_step(under.key.tonic, wish.key.tonic)]
    span, centre = cast.singers.vocal_range, cast.singers.vocal_centre
    options = []
    for band in moves:
        own = nearest_step(sheet.key.tonic, _meeting(under.key, sheet.key) + band)
        for octave in (-2, -1, 0, 1, 2):
            cost = _BAND_MOVE * abs(band) + misfit(sheet, span, centre, own + 12 * octave)
            options.append((cost, abs(octave), band, own, octave))
    _, _, band, own, octave = min(options)
    sheet = moved_to(sheet, own, octave)
    return (placed(sheet, cast) if sheet.lead else sheet), moved_to(under, band)


def _meeting(band: Key, voice: Key) -> int:
    """Return the tonic on which the voices' song meets the band's key."""
    if band.is_minor == voice.is_minor:
        return band.tonic
    return (band.tonic + (3 if band.is_minor else 9)) % 12


def _over(sheet: LeadSheet, under: LeadSheet) -> tuple[LeadSheet, float]:
    """Return the voices' sheet with the band's chords, themes and energies, and the share of bars that took its chords.

    A bar keeps the song's own chords where the melody rubs against the band's.
    """
    melody = melody_of(sheet)
    bar = sheet.metre.bar_length
    counts: dict[object, int] = {}
    sections: list[Section] = []
    chords: list[ChordSpan] = []
    themes: list[tuple[Note, ...]] = []
    taken = total = 0
    for number, section in enumerate(sheet.sections):
        nth = counts[section.kind] = counts.get(section.kind, 0) + 1
        match = match_section(under, range(len(under.sections)), section.kind, nth - 1)
        assert match is not None  # a song has sections
        theirs = under.sections[match]
        lift = sheet.lift(number)
        own = in_bars(sheet.chords, section.start, section.bars, bar)
        last = number == len(sheet.sections) - 1
        loop = _loop(under, match, section, lift, melody, bar)
        for place, bars in enumerate(own):
            start = section.start + place * bar
            closing = last and place == section.bars - 1 and not sheet.fades
            better = not closing and _clash(loop[place], melody, start) <= _clash(bars, melody, start) + _LEAVE
            taken += better
            total += 1
            chosen = loop[place] if better else bars
            chords += [msgspec.structs.replace(span, start=span.start + start) for span in chosen]
        key = Key((under.key.tonic + lift) % 12, under.key.mode)
        sections.append(msgspec.structs.replace(section, key=key, energy=theirs.energy))
        themes.append(_theme(sheet, number, under, match, lift))
    changed = msgspec.structs.replace(
        sheet, key=under.key, sections=tuple(sections), chords=tuple(chords), themes=tuple(themes)
    )
    return changed, taken / max(total, 1)


def _loop(
    under: LeadSheet, match: int, section: Section, lift: int, melody: Sequence[Sounding], bar: float
) -> list[list[ChordSpan]]:
    """Return the band's chords over a section's bars, beginning where they suit the melody best."""
    theirs = under.sections[match]
    move = lift - under.lift(match)
    bars = in_bars(under.chords, theirs.start, theirs.bars, bar)
    if match == len(under.sections) - 1 and len(bars) > 1 and not under.fades:
        bars = bars[:-1]  # the last one closes the song
    bars = [[msgspec.structs.replace(s, chord=s.chord.transposed(move)) for s in spans] for spans in bars]
    offsets = range(0, min(len(bars), 8), 2)

    def cost(offset: int) -> float:
        rub = sum(
            min(_clash(bars[(offset + n) % len(bars)], melody, section.start + n * bar), 4.0)
            for n in range(section.bars)
        )
        return rub + _TURNED * section.bars * (offset > 0)

    best = min(offsets, key=cost)
    return [bars[(best + n) % len(bars)] for n in range(section.bars)]


def _clash(spans: Sequence[ChordSpan], melody: Sequence[Sounding], start: float) -> float:
    """Return how much a melody rubs against the chords of a bar that begins at ``start``."""
    total = 0.0
    for span in spans:
        left, right = start + span.start, start + span.start + span.duration
        total += clash(between(melody, left, right), span.chord, left, right)
    return total


def _theme(sheet: LeadSheet, number: int, under: LeadSheet, match: int, lift: int) -> tuple[Note, ...]:
    """Return what the lead instrument plays in a section: nothing where it is sung, the band's theme before the song's.

    In a mashup of two instrumentals the melody is the first one's.
    """
    if sheet.lines_of(number) or not sheet.lead:
        return sheet.themes[number]
    theirs, section = under.sections[match], sheet.sections[number]
    stop = section.start + section.bars * sheet.metre.bar_length
    move = lift - under.lift(match)
    moved = [
        msgspec.structs.replace(note, start=note.start - theirs.start + section.start, pitch=note.pitch + move)
        for note in under.themes[match]
    ]
    return tuple(note for note in moved if note.start < stop) or sheet.themes[number]


def _plan(
    brief: Brief, intent: Intent, band: Plan, sheet: LeadSheet, cast: Cast, notes: tuple[str, ...]
) -> tuple[Plan, LeadSheet]:
    """Return the plan: the band's own players and patterns where its style is kept, and the sheet with its energies."""
    plan, sheet = plan_for(brief, intent, band, sheet, cast, 1.0)
    plan = msgspec.structs.replace(plan, notes=(*plan.notes, *notes))
    if not intent.own_style:
        return plan, sheet
    asked = intent.wish.instruments or intent.wish.excluded
    instruments = plan.instruments if asked else dict(band.instruments)
    if not sheet.lead and not instruments.get(restyling.LEAD_LAYER):
        instruments[restyling.LEAD_LAYER] = plan.instruments[restyling.LEAD_LAYER]
    kept = msgspec.structs.replace(
        plan, seed=band.seed, instruments=instruments, mix=band.mix, mood=band.mood, swing_unit=band.swing_unit
    )
    return kept, sheet
