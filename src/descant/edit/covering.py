"""Covers: a song's melody, words and form in another style, with another voice or other words."""

from collections.abc import Sequence

import msgspec

from descant.compose import styles
from descant.compose.deliveries import effects
from descant.compose.leadsheet import LeadSheet, read_sheet, theme_lines
from descant.compose.resketching import notes_of, sketch_of
from descant.compose.singers import in_delivery
from descant.compose.writing import with_band
from descant.edit import restyling
from descant.edit.breathing import breathing
from descant.edit.lengths import within_length
from descant.edit.loosening import loosened, loosened_theme
from descant.edit.reharmonising import reharmonised
from descant.edit.restyling import Intent
from descant.edit.retiming import choose, retimed
from descant.edit.revision import CannotEdit, Perform, Revision
from descant.edit.rewording import reworded
from descant.edit.singing import Cast, answered, cast_for, placed
from descant.edit.transposing import best_move, in_mode, moved_to
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.orders import Cover
from descant.song.plan import Plan
from descant.song.streams import stream
from descant.song.theory import nearest_step
from descant.song.voices import VoiceProfile
from descant.words import lyrics as lyric_reader
from descant.words.errors import WordsError
from descant.words.reading import INSTRUMENTAL_MARKER

_ROOM = 0.1  # share by which a faithful cover may leave the style's tempo range
_DRIFT = 0.06  # share by which the freest cover in the song's own style changes its tempo
_WORDLESS = (SectionKind.INTRO, SectionKind.OUTRO, SectionKind.SOLO, SectionKind.INTERLUDE, SectionKind.BUILD)
_TEMPO_WORDS = {"very slow": -0.3, "slow": -0.16, "downtempo": -0.16, "uptempo": 0.12, "fast": 0.18, "breakneck": 0.4}


def cover(order: Cover, sources: Sequence[Song], voices: Sequence[VoiceProfile]) -> Revision:
    """Return a song (the one source) covered as the brief asks.

    Raises
    ------
    CannotEdit : when there is not one source, nothing in it to play or nobody to sing it, or it would last too long.
    """
    (song,) = restyling.the_sources(sources, 1, "a cover")
    if not 0.0 <= order.faithfulness <= 1.0:
        raise CannotEdit(f"faithfulness is {order.faithfulness:g}; it lies from 0 (free) to 1 (faithful)")
    brief = order.brief
    intent = restyling.intent_of(brief, song.plan)
    sheet = read_sheet(song.plan, song.score)
    words = new_words(brief)
    sheet = _with_words(sheet, brief, intent, words)
    freedom = 1.0 - order.faithfulness
    sheet, notes = _in_style(sheet, brief, intent, freedom)
    intent = msgspec.structs.replace(intent, notes=(*intent.notes, *notes))
    title = brief.title or (words.title if words is not None else "") or song.title
    sheet = msgspec.structs.replace(sheet, title=title)
    tonic = None if intent.wish.key is None else intent.wish.key.tonic
    cast = Cast()
    if sheet.lead:
        cast = cast_for(sheet, brief, intent, words, song.plan, voices)
        if not cast.same or tonic is not None:
            sheet = moved_to(sheet, *best_move(sheet, cast.singers.vocal_range, cast.singers.vocal_centre, tonic))
        sheet = placed(sheet, cast)
    elif tonic is not None:
        sheet = moved_to(sheet, nearest_step(sheet.key.tonic, tonic))
    sheet = reharmonised(sheet, intent.writing.colour + intent.wish.mood.colour, freedom, brief.seed)
    plan, sheet = plan_for(brief, intent, song.plan, sheet, cast, order.faithfulness)
    if words is not None:
        sheet = answered(plan, sheet)
    text = brief.lyrics if words is not None else song.lyrics if sheet.lead else INSTRUMENTAL_MARKER
    return performed(brief, plan, sheet, intent, text, song)


def new_words(brief: Brief) -> Lyrics | None:
    """Return the words a brief gives, read; None where it gives none or wants none.

    Raises
    ------
    CannotEdit : when they hold nothing that can be sung.
    """
    if brief.instrumental or not brief.lyrics.strip():
        return None
    try:
        words = lyric_reader.parse(brief.lyrics, title=brief.title)
    except WordsError as error:
        raise CannotEdit(str(error)) from error
    return words if brief.persona is None else in_delivery(words, brief.persona.delivery)


def as_instrumental(sheet: LeadSheet) -> LeadSheet:
    """Return the sheet with its sung melody for an instrument; rapped lines fall silent."""
    themes = []
    for number, own in enumerate(sheet.themes):
        lines = [line for line in sheet.lines_of(number) if not line.task.line.rapped]
        themes.append(tuple(note for line in lines for note in notes_of(line)) or own)
    return msgspec.structs.replace(
        sheet, lead=(), replies=(), guests=(), lyrics=(None,) * len(sheet.sections), themes=tuple(themes)
    )


def as_song(sheet: LeadSheet) -> LeadSheet:
    """Return an instrumental's sheet with its themes as lines that wait for words.

    Raises
    ------
    CannotEdit : when it has no melody.
    """
    lines = theme_lines(sheet)
    if not lines:
        raise CannotEdit("the song has no melody that words could be sung to")
    kept = tuple(line for line in lines if line.task.kind not in _WORDLESS)
    return msgspec.structs.replace(sheet, lead=kept or lines)


def plan_for(
    brief: Brief, intent: Intent, source: Plan, sheet: LeadSheet, cast: Cast, kept: float
) -> tuple[Plan, LeadSheet]:
    """Return the plan of a sheet's new version, and the sheet with the plan's energies.

    Parameters
    ----------
    source : the plan of the song it comes from.
    kept : 0–1, how far the sheet's own energies stay.
    """
    singers = cast.singers
    sections = restyling.planned_sections(sheet, intent.writing, intent, brief, kept)
    instruments, featured, band_notes = restyling.instruments_for(brief, intent, source, melody=not sheet.lead)
    plan = Plan(
        seed=brief.seed,
        title=sheet.title,
        genres=intent.genres,
        bpm=sheet.bpm,
        key=sheet.key,
        metre=sheet.metre,
        sections=sections,
        instruments=instruments,
        featured=featured,
        mood=intent.wish.mood,
        swing=restyling.swing_for(intent, source, brief.seed),
        swing_unit=intent.writing.swing_unit,
        voice=singers.voice,
        backing_voice=singers.backing_voice,
        vocal_centre=singers.vocal_centre,
        vocal_range=singers.vocal_range,
        backing_range=singers.backing_range,
        guests=cast.guests,
        mix=styles.load(intent.genres[0][0]).mix,
        style_weight=brief.style_weight,
        weirdness=brief.weirdness,
        vocal_effects=_effects(intent, source),
        fade_out=sheet.fades or not {"fade-out", "fade out"}.isdisjoint(intent.wish.production),
        not_understood=intent.wish.not_understood,
        notes=(*intent.wish.notes, *intent.notes, *cast.notes, *band_notes),
    )
    return plan, restyling.with_energies(sheet, sections)


def _effects(intent: Intent, source: Plan) -> tuple[str, ...]:
    """Return what is done to the voices: asked for or usual in the style, and the song's own in its own style."""
    found = effects(intent.wish.voice, intent.writing)
    own = source.vocal_effects if intent.own_style else ()
    return tuple(dict.fromkeys((*own, *found)))


def performed(brief: Brief, plan: Plan, sheet: LeadSheet, intent: Intent, text: str, song: Song) -> Revision:
    """Return a sheet arranged by its plan's band and performed as a whole.

    Parameters
    ----------
    text : its words as shown.
    song : whose style text it keeps where the brief has none and the style is the song's.
    """
    score = with_band(plan, sketch_of(plan, intent.writing, sheet))
    return Revision(
        brief=brief,
        plan=plan,
        score=score,
        title=plan.title,
        lyrics=text,
        tags=brief.tags or (song.tags if intent.own_style else restyling.style_text(plan)),
        takes=(Perform(score, plan.seed, plan.mix),),
    )


def _with_words(sheet: LeadSheet, brief: Brief, intent: Intent, words: Lyrics | None) -> LeadSheet:
    """Return the sheet sung to new words, played instead of sung, or as it is."""
    if words is not None:
        return reworded(sheet if sheet.lead else as_song(sheet), words)
    return as_instrumental(sheet) if brief.instrumental or intent.wish.instrumental else sheet


def _in_style(sheet: LeadSheet, brief: Brief, intent: Intent, freedom: float) -> tuple[LeadSheet, tuple[str, ...]]:
    """Return the sheet in the mode, metre, tempo and manner that the brief and its style want, and notes."""
    sheet = in_mode(sheet, intent.mode)
    stretch, bpm = choose(sheet, restyling.metre_for(intent, sheet.metre), *_tempo_range(sheet, brief, intent, freedom))
    bpm = bpm if intent.wish.bpm is not None else float(round(bpm, 1))
    sheet, notes = within_length(retimed(sheet, stretch, bpm), intent, brief.max_seconds)
    sheet = breathing(loosened(sheet, intent.writing, freedom, brief.seed))
    themes = tuple(loosened_theme(notes, freedom, brief.seed) for notes in sheet.themes)
    return msgspec.structs.replace(sheet, themes=themes), notes


def _tempo_range(sheet: LeadSheet, brief: Brief, intent: Intent, freedom: float) -> tuple[float, float]:
    """Return the lowest and highest tempo of the cover: asked for, or the song's own as far as the style takes it."""
    wish = intent.wish
    if wish.bpm is not None:
        return wish.bpm, wish.bpm
    low, likely, high = intent.writing.bpm
    word = 1.0 + _TEMPO_WORDS.get(wish.tempo_word, 0.0) + wish.mood.tempo_percent / 100.0
    if intent.own_style:
        drift = 1.0 + _DRIFT * freedom * float(stream(brief.seed, "cover.tempo").uniform(-1.0, 1.0))
        return sheet.bpm * drift * word, sheet.bpm * drift * word
    drawn = float(stream(brief.seed, "cover.tempo").triangular(low, likely, high))
    room = _ROOM * (1.0 - freedom)
    near = max(0.0, freedom - 0.3)  # freer covers come nearer to the style's own tempo
    return (
        word * (low * (1.0 - room) + near * (drawn - low)),
        word * (high * (1.0 + room) + near * (drawn - high)),
    )
