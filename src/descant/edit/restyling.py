"""What a brief asks of a song that exists already, and the plan of its new version."""

from collections.abc import Sequence

import msgspec

from descant.compose import form
from descant.compose.casting import cast_instruments
from descant.compose.choices import pick, sharpness
from descant.compose.genres import writing_of
from descant.compose.leadsheet import LeadSheet
from descant.compose.planning import genres_of
from descant.compose.styles.writing import WritingStyle
from descant.edit.revision import CannotEdit
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.plan import Plan, PlannedSection
from descant.song.streams import stream
from descant.song.tempo import Metre
from descant.song.wish import Wish
from descant.words import description, tags
from descant.words.reading import merge

LEAD_LAYER = "lead"
_LEADS = ("grand_piano", "flute", "clean_guitar")
"""Who plays the melody where neither style nor source has a lead instrument."""


class Intent(msgspec.Struct, frozen=True):
    """What a brief asks for, with the styles of the song where it names none.

    ``own_style`` tells that the styles are the source's.
    """

    wish: Wish
    genres: tuple[tuple[str, float], ...]
    writing: WritingStyle
    own_style: bool
    notes: tuple[str, ...] = ()

    @property
    def mode(self) -> str | None:
        """The mode asked for, by itself or in a key."""
        return self.wish.key.mode if self.wish.key is not None else self.wish.mode


def the_sources(sources: Sequence[Song], count: int, what: str) -> Sequence[Song]:
    """Return the sources when there are as many as an edit needs.

    Raises
    ------
    CannotEdit : when there are more or fewer.
    """
    if len(sources) != count:
        raise CannotEdit(f"{what} starts from {count} song{'s' if count > 1 else ''}; {len(sources)} given")
    return sources


def intent_of(brief: Brief, source: Plan) -> Intent:
    """Return what a brief asks of a song planned as ``source``."""
    wish = tags.read(brief.tags, brief.negative_tags)
    if brief.description:
        wish = merge(wish, description.read(brief.description)[0])
    if wish.genres:
        genres, notes = genres_of(wish)
    else:
        genres, notes = source.genres, ()
    writing = writing_of(genres)
    return Intent(wish, genres, writing, genres == source.genres, notes)


def metre_for(intent: Intent, own: Metre) -> Metre:
    """Return the metre asked for, else the song's own where the style can play it, else the style's likeliest."""
    if intent.wish.metre is not None:
        return intent.wish.metre
    table = [(_metre(text), weight) for text, weight in intent.writing.metres]
    if intent.own_style or any(_family(metre) == _family(own) for metre, _ in table):
        return own
    return max(table, key=lambda row: row[1])[0]


def instruments_for(
    brief: Brief, intent: Intent, source: Plan, *, melody: bool
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Return the band of the intent's style, the layers asked for by name, and notes.

    Parameters
    ----------
    melody : whether an instrument has to carry the tune.
    """
    strict = sharpness(brief.style_weight, brief.weirdness)
    chosen, featured, notes = cast_instruments(intent.wish, intent.writing, brief.seed, strict, {})
    if melody and not chosen.get(LEAD_LAYER):
        table = [(preset, share) for preset, share in intent.writing.instruments.get(LEAD_LAYER, ()) if preset]
        own = source.instruments.get(LEAD_LAYER, "")
        others = [(preset, 1.0) for preset in _LEADS if preset not in chosen.values()]
        options = table or ([(own, 1.0)] if own else others)
        chosen[LEAD_LAYER] = pick(stream(brief.seed, "cover.lead"), options)
    return chosen, featured, notes


def planned_sections(
    sheet: LeadSheet, style: WritingStyle, intent: Intent, brief: Brief, kept: float
) -> tuple[PlannedSection, ...]:
    """Return the plan's sections of a sheet.

    Parameters
    ----------
    kept : 0–1, how far the sheet's own energies stay against the style's curve.
    """
    plain = tuple(
        PlannedSection(
            section.kind,
            section.label,
            section.bars,
            section.energy,
            sheet.lyrics[i],
            lift=sheet.lift(i),
            directives=sheet.directives[i],
        )
        for i, section in enumerate(sheet.sections)
    )
    curve = form.with_energy(plain, style, brief.seed, intent.wish.mood.energy, intent.wish.mood.dynamics)
    return tuple(
        msgspec.structs.replace(old, energy=round(kept * old.energy + (1.0 - kept) * new.energy, 3))
        for old, new in zip(plain, curve, strict=True)
    )


def with_energies(sheet: LeadSheet, sections: Sequence[PlannedSection]) -> LeadSheet:
    """Return the sheet with the energies of planned sections."""
    return msgspec.structs.replace(
        sheet,
        sections=tuple(
            msgspec.structs.replace(section, energy=planned.energy)
            for section, planned in zip(sheet.sections, sections, strict=True)
        ),
    )


def style_text(plan: Plan) -> str:
    """Return a plan's genres, tempo and key as tags, for a song whose brief has none."""
    return ", ".join([*(name.replace("_", " ") for name, _ in plan.genres[:2]), f"{plan.bpm:g} bpm", plan.key.name])


def swing_for(intent: Intent, source: Plan, seed: int) -> float:
    """Return the swing asked for, else the song's own in its own style, else one of the style's."""
    if intent.wish.swing is not None:
        return intent.wish.swing
    if intent.own_style:
        return source.swing
    return round(float(stream(seed, "plan.swing").uniform(*intent.writing.swing)), 3)


def _metre(text: str) -> Metre:
    beats, unit = text.split("/")
    return Metre(int(beats), int(unit))


def _family(metre: Metre) -> str:
    """Return how a band counts: in threes, in compound time, or in anything else, odd metres among it."""
    if metre.unit == 8 and metre.beats % 3 == 0:
        return "compound"
    return "triple" if metre.beats % 3 == 0 else "duple"
