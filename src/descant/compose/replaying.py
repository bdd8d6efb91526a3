"""A score played and sung again: the same notes with the small differences of another take.

What a player decides note by note (time within the pocket, strength) and a singer line by line (attack, vibrato,
breath) is drawn anew; what belongs to the music (swing, pocket, dynamics, pedals) stays.
"""

import msgspec
from msgspec.structs import replace

from descant.compose import styles
from descant.compose.band import dynamics, timing
from descant.compose.expression import Delivery, perform, silences
from descant.compose.leadsheet import lines_of_part
from descant.compose.styles.band import BandStyle
from descant.compose.styles.writing import WritingStyle
from descant.song.plan import Plan
from descant.song.score import Part, Role, Score, VocalPart

_LEVELS = {"joining": -4, "harmony": -12, "backing": -6}
"""Velocity of a backing voice against the lead's, by the first word of its name."""


def replayed(plan: Plan, style: WritingStyle, score: Score, seed: int) -> Score:
    """Return the score performed with another seed; every note keeps its start, length and pitch.

    Parameters
    ----------
    plan : whose seed the score was performed with.
    style : how the plan's genres sing, blended.
    """
    band = styles.load(plan.genres[0][0]).band
    return msgspec.structs.replace(
        score,
        parts=tuple(_part(part, _layer(plan, part), band, plan.seed, seed) for part in score.parts),
        vocals=tuple(_vocal(plan, style, score, part, seed) for part in score.vocals),
    )


def _layer(plan: Plan, part: Part) -> str:
    """Return the seat a part is played from: the layer with its instrument, else the lead's, as for solos."""
    return next((layer for layer, preset in plan.instruments.items() if preset == part.instrument), "lead")


def _part(part: Part, layer: str, band: BandStyle, old: int, new: int) -> Part:
    before, after = (timing.looseness(seed, part.name, part.notes) for seed in (old, new))
    weak, strong = (dynamics.unevenness(seed, part.name, len(part.notes)) for seed in (old, new))
    notes = []
    for n, note in enumerate(part.notes):
        late = (after[n] - before[n]) * timing.pocket_of(band, layer, note.pitch).spread / 1000
        velocity = min(124, max(12, round(note.velocity + strong[n] - weak[n])))
        notes.append(replace(note, velocity=velocity, shift=round(note.shift + late, 6)))
    return msgspec.structs.replace(part, notes=tuple(notes))


def _vocal(plan: Plan, style: WritingStyle, score: Score, part: VocalPart, seed: int) -> VocalPart:
    guests = {guest.voice: guest.centre for guest in plan.guests}
    seconds_per_beat = 60.0 / plan.bpm
    delivery = Delivery(
        seed=seed,
        name=part.name,
        energies=tuple(section.energy for section in score.sections),
        centre=float(plan.vocal_centre if part.voice == plan.voice else guests.get(part.voice, plan.vocal_centre)),
        scoop=style.scoop if part.role is Role.LEAD_VOCAL else 0.0,
        vibrato=style.vibrato,
        lateness=style.lateness,
        looseness=max(0.2, 1.0 + plan.mood.looseness),
        swing=plan.swing,
        swing_unit=plan.swing_unit,
        seconds_per_beat=seconds_per_beat,
        level=_LEVELS.get(part.name.split()[0], 0),
    )
    lines = lines_of_part(score, part)
    gaps = silences(lines, seconds_per_beat)
    phrases = []
    for old, line, gap in zip((phrase for phrase in part.phrases if phrase.notes), lines, gaps, strict=True):
        sung = perform(line, delivery, gap)
        notes = tuple(
            msgspec.structs.replace(note, start=own.start, duration=own.duration, pitch=own.pitch)
            for note, own in zip(sung.notes, old.notes, strict=True)
        )
        phrases.append(msgspec.structs.replace(sung, notes=notes))
    return msgspec.structs.replace(part, phrases=tuple(phrases))
