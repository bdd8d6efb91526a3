"""The singers' parts: written lines handed out to the lead, guests, a harmony voice and a backing voice."""

from collections.abc import Sequence

from descant.compose import backing, duets, finale
from descant.compose.band import directions
from descant.compose.expression import Delivery, perform, silences
from descant.compose.lines import WrittenLine
from descant.compose.styles.writing import WritingStyle
from descant.song.lyrics import SectionKind
from descant.song.plan import Guest, Plan
from descant.song.score import ChordSpan, Phrase, Role, VocalPart
from descant.song.streams import stream

_CLEAR = 4  # slots before the next window that an echo leaves free


def replies(plan: Plan, lead: Sequence[WrittenLine], chords: Sequence[ChordSpan]) -> list[WrittenLine]:
    """Return what the backing voice sings after the lead's lines: their echoes, and ad-libs in the last chorus."""
    low, high = plan.backing_range
    echoes = [backing.echo(line, line.task.slots - _CLEAR, chords, low, high) for line in lead]
    return [*filter(None, echoes), *finale.ad_libs(lead, chords, low, high, plan.seed)]


def sing(
    plan: Plan,
    style: WritingStyle,
    chords: Sequence[ChordSpan],
    lead: Sequence[WrittenLine],
    own: Sequence[WrittenLine],
) -> tuple[VocalPart, ...]:
    """Return written lines as sung by the lead, guests who take lines of it or join in, and the backing voices.

    Parameters
    ----------
    style : how they deliver them.
    lead : the lead's lines, guests' among them, rising in time.
    own : lines of the backing voice that sings between the lead's.
    """
    parts = []
    alone = {guest.voice: [line for line in lead if duets.singer(line, plan.guests) == guest] for guest in plan.guests}
    together = [line for line in lead if line.task.line.voice == duets.TOGETHER]
    mine = [line for line in lead if duets.singer(line, plan.guests) is None]
    if mine:
        parts.append(voice_part(plan, style, "lead vocal", Role.LEAD_VOCAL, mine, 0))
    for n, guest in enumerate(plan.guests):
        number = f" {n + 1}" if n else ""
        for name, role, lines in (
            ("second vocal", Role.LEAD_VOCAL, alone[guest.voice]),
            ("joining vocal", Role.BACKING_VOCALS, together),
        ):
            placed = [duets.moved(line, plan.vocal_centre, guest) for line in lines]
            if placed:
                parts.append(
                    voice_part(plan, style, name + number, role, placed, 0 if lines is not together else -4, guest)
                )
    return (*parts, *_backing_parts(plan, style, chords, lead, own))


def _backing_parts(
    plan: Plan,
    style: WritingStyle,
    chords: Sequence[ChordSpan],
    lead: Sequence[WrittenLine],
    own: Sequence[WrittenLine],
) -> list[VocalPart]:
    parts = []
    low, high = plan.backing_range
    joined = [line for line in lead if _harmonised(plan, style, line)]
    above = max((max(line.pitches) for line in joined), default=0) + 3 <= high
    harmonies = [backing.harmonise(line, chords, low, high, above=above) for line in joined]
    if harmonies:
        parts.append(voice_part(plan, style, "harmony vocal", Role.BACKING_VOCALS, harmonies, -12))
    if own:
        ordered = sorted(own, key=lambda line: line.task.start + line.onsets[0])
        parts.append(voice_part(plan, style, "backing vocal", Role.BACKING_VOCALS, ordered, -6))
    return parts


def _harmonised(plan: Plan, style: WritingStyle, line: WrittenLine) -> bool:
    """Return whether a second voice joins the line: where no band plays, and in choruses the surer the later."""
    task = line.task
    if task.line.rapped or task.line.delivery in ("shouted", "screamed") or duets.singer(line, plan.guests):
        return False
    if directions.wants_nobody(plan.sections[task.section].directives):
        return True
    if task.kind is not SectionKind.CHORUS:
        return False
    number = sum(1 for section in plan.sections[: task.section] if section.kind is SectionKind.CHORUS)
    chances = style.harmony
    chance = chances[min(number, len(chances) - 1)]
    return float(stream(plan.seed, f"harmony voice.{number}").random()) < chance


def voice_part(
    plan: Plan,
    style: WritingStyle,
    name: str,
    role: Role,
    lines: Sequence[WrittenLine],
    level: int,
    guest: Guest | None = None,
) -> VocalPart:
    """Return lines as sung by one voice.

    Parameters
    ----------
    role : the lead's voice sings lead vocals, the backing voice the others.
    level : added to every velocity.
    guest : who sings instead of either.
    """
    delivery = Delivery(
        seed=plan.seed,
        name=name,
        energies=tuple(section.energy for section in plan.sections),
        centre=float(guest.centre if guest else plan.vocal_centre),
        scoop=style.scoop if role is Role.LEAD_VOCAL else 0.0,
        vibrato=style.vibrato,
        lateness=style.lateness,
        looseness=max(0.2, 1.0 + plan.mood.looseness),
        swing=plan.swing,
        swing_unit=plan.swing_unit,
        seconds_per_beat=60.0 / plan.bpm,
        level=level,
    )
    gaps = silences(lines, delivery.seconds_per_beat)
    phrases: list[Phrase] = [perform(line, delivery, gap) for line, gap in zip(lines, gaps, strict=True)]
    voice = guest.voice if guest else plan.voice if role is Role.LEAD_VOCAL else plan.backing_voice
    treated = tuple(effect for effect in plan.vocal_effects if role is not Role.LEAD_VOCAL or effect != "choir")
    return VocalPart(name, role, voice, tuple(phrases), treated)
