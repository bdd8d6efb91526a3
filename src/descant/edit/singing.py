"""Who sings an edited song, and its melody placed in their ranges."""

from collections.abc import Sequence

import msgspec

from descant.compose import voiceparts
from descant.compose.duets import cast_guests
from descant.compose.errors import CannotWrite
from descant.compose.leadsheet import LeadSheet
from descant.compose.planning import cast
from descant.compose.singers import Singers, wanted_gender
from descant.edit.restyling import Intent
from descant.edit.revision import CannotEdit
from descant.edit.transposing import replies_within, within
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics
from descant.song.plan import Guest, Plan
from descant.song.streams import stream
from descant.song.voices import VoiceProfile

_PLAIN_WORDS = frozenset({"female", "woman", "girl", "male", "man", "boy", "duet"})
"""Words about the voice that any voice of the gender answers."""


class Cast(msgspec.Struct, frozen=True):
    """The singers of an edited song.

    Attributes
    ----------
    reach : lowest and highest pitch the lead can sing at all; a persona's own range may be narrower.
    same : whether the source's lead sings.
    """

    singers: Singers = Singers()
    guests: tuple[Guest, ...] = ()
    reach: tuple[int, int] = (0, 127)
    same: bool = False
    notes: tuple[str, ...] = ()


def cast_for(
    sheet: LeadSheet, brief: Brief, intent: Intent, words: Lyrics | None, source: Plan, voices: Sequence[VoiceProfile]
) -> Cast:
    """Return who sings a sheet: whom the brief asks for, else those of the song it comes from.

    Parameters
    ----------
    words : the new words, or None where the sheet's own are sung.
    source : the plan of the song that the voices come from.

    Raises
    ------
    CannotEdit : when no voice can be had, or not the persona's.
    """
    lyrics = words or Lyrics(tuple(section for section in sheet.lyrics if section is not None))
    singers = _lead(brief, intent, lyrics, source, voices)
    guests, notes = _guests(sheet, singers, words, voices, brief.seed)
    own = next((voice for voice in voices if voice.name == singers.voice), None)
    reach = singers.vocal_range if own is None else (own.low, own.high)
    same = singers.voice == source.voice and brief.persona is None
    return Cast(singers, guests, reach, same, (*singers.notes, *notes))


def sung_as(plan: Plan, other: Plan) -> Plan:
    """Return a plan with the lead and the backing voice of another."""
    return msgspec.structs.replace(
        plan,
        voice=other.voice,
        backing_voice=other.backing_voice,
        vocal_centre=other.vocal_centre,
        vocal_range=other.vocal_range,
        backing_range=other.backing_range,
    )


def placed(sheet: LeadSheet, cast: Cast) -> LeadSheet:
    """Return the sheet with every line where its singer can sing it; the melody has been moved as a whole before."""
    sheet = msgspec.structs.replace(sheet, guests=cast.guests)
    sheet = within(sheet, cast.reach, cast.singers.vocal_centre, cast.guests)
    return replies_within(sheet, cast.singers.backing_range)


def answered(plan: Plan, sheet: LeadSheet) -> LeadSheet:
    """Return a sheet of new words with their echoes and ad-libs."""
    replies = voiceparts.replies(plan, sheet.lead, sheet.chords)
    return msgspec.structs.replace(sheet, replies=(*sheet.replies, *replies))


def _lead(brief: Brief, intent: Intent, lyrics: Lyrics, source: Plan, voices: Sequence[VoiceProfile]) -> Singers:
    """Return the source's singers where they are what is asked for, else others."""
    own = next((voice for voice in voices if voice.name == source.voice), None)
    gender = wanted_gender(brief.vocal_gender, intent.wish.voice)
    words = [word for word in intent.wish.voice if word not in _PLAIN_WORDS]
    if brief.persona is None and not words and own is not None and gender in (None, own.gender):
        return Singers(
            source.voice, source.backing_voice, source.vocal_centre, source.vocal_range, source.backing_range
        )
    try:
        return cast(brief, lyrics, intent.wish, intent.writing, voices)
    except CannotWrite as error:
        raise CannotEdit(str(error)) from error


def _guests(
    sheet: LeadSheet, singers: Singers, words: Lyrics | None, voices: Sequence[VoiceProfile], seed: int
) -> tuple[tuple[Guest, ...], tuple[str, ...]]:
    """Return who sings besides the lead, and notes: the sheet's guests, unless new words name others.

    A guest whose voice has become the lead's is cast anew.
    """
    if words is not None and any(line.voice for line in words.lines):
        return cast_guests(voices, singers.voice, words, seed)
    guests = []
    taken = {singers.voice}
    for guest in sheet.guests:
        free = [voice for voice in voices if voice.name not in taken]
        if guest.voice in taken and free:
            other = free[int(stream(seed, f"cover.guest.{guest.names[0]}").integers(len(free)))]
            guest = Guest(guest.names, other.name, other.centre, (other.low, other.high))
        taken.add(guest.voice)
        guests.append(guest)
    return tuple(guests), ()
