"""Songs for more than one singer: who sings which line, and a line moved into another singer's range.

A line's ``voice`` may be "female", "male", "both" or a name; a song whose tags ask for a duet without saying who sings
what is shared out by sections. Every line is written once, for the lead, and moved by octaves to whoever sings it, so
that sections keep their identity and both voices can join in one melody.
"""

from collections.abc import Sequence

import msgspec

from descant.compose.lines import WrittenLine
from descant.song.lyrics import Lyrics, LyricSection, SectionKind
from descant.song.plan import Guest
from descant.song.streams import stream
from descant.song.voices import VoiceProfile

TOGETHER = "both"
_GUEST = "guest"
_GENDERS = {"female": "f", "male": "m"}
_OTHER = {"f": "m", "m": "f"}
_SHARED = frozenset({SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.OUTRO})


def shared_out(lyrics: Lyrics, wanted: Sequence[str]) -> Lyrics:
    """Return the lyrics of a duet with a singer for every line; others, and those that say who sings, unchanged.

    The guest takes every second verse and bridge and both sing the choruses; in a song of one verse, the guest takes
    its second half.
    """
    if "duet" not in wanted or any(line.voice for line in lyrics.lines):
        return lyrics
    verses = sum(1 for section in lyrics.sections if section.kind is SectionKind.VERSE and section.lines)
    seen: dict[SectionKind, int] = {}
    sections = []
    for section in lyrics.sections:
        nth = seen[section.kind] = seen.get(section.kind, 0) + 1
        if section.kind in _SHARED:
            sections.append(_sung_by(section, TOGETHER, 0))
        elif section.kind is SectionKind.VERSE and verses == 1:
            sections.append(_sung_by(section, _GUEST, (len(section.lines) + 1) // 2))
        elif nth % 2 == 0 or section.kind is SectionKind.BRIDGE:
            sections.append(_sung_by(section, _GUEST, 0))
        else:
            sections.append(section)
    return msgspec.structs.replace(lyrics, sections=tuple(sections))


def _sung_by(section: LyricSection, voice: str, first: int) -> LyricSection:
    lines = tuple(
        msgspec.structs.replace(line, voice=voice) if i >= first else line for i, line in enumerate(section.lines)
    )
    return msgspec.structs.replace(section, lines=lines)


def cast_guests(
    voices: Sequence[VoiceProfile], lead: str, lyrics: Lyrics, seed: int
) -> tuple[tuple[Guest, ...], tuple[str, ...]]:
    """Return the singers besides the lead whom the lines ask for, and a note on each who cannot be had.

    The first name among the lines is the lead's; each further one gets a voice of its own while there are any, of the
    other gender first.
    """
    own = next(voice for voice in voices if voice.name == lead)
    asked = list(dict.fromkeys(line.voice for line in lyrics.lines if line.voice))
    named = [voice for voice in asked if voice not in _GENDERS and voice not in (TOGETHER, _GUEST)]
    wanted = [(voice, _GENDERS[voice]) for voice in asked if voice in _GENDERS and _GENDERS[voice] != own.gender]
    wanted += [(voice, _OTHER[own.gender]) for voice in asked if voice == _GUEST]
    wanted += [(voice, _OTHER[own.gender] if n % 2 == 0 else own.gender) for n, voice in enumerate(named[1:])]
    if not wanted and TOGETHER in asked:
        wanted = [(TOGETHER, _OTHER[own.gender])]
    guests: dict[str, tuple[VoiceProfile, list[str]]] = {}
    notes = []
    for name, gender in wanted:
        free = [voice for voice in voices if voice.name != lead and voice.name not in guests]
        pool = [voice for voice in free if voice.gender == gender] or ([] if name in _GENDERS else free)
        if pool:
            guest = pool[int(stream(seed, f"plan.guest.{name}").integers(len(pool)))]
            guests[guest.name] = (guest, [name])
        elif guests:
            next(iter(guests.values()))[1].append(name)
        else:
            notes.append(f"there is no second voice for {name!r}; the lead sings those lines")
    return tuple(
        Guest(tuple(names), voice.name, voice.centre, (voice.low, voice.high)) for voice, names in guests.values()
    ), tuple(notes)


def singer(line: WrittenLine, guests: Sequence[Guest]) -> Guest | None:
    """Return the guest who sings a line alone, or None where the lead sings it."""
    return next((guest for guest in guests if line.task.line.voice in guest.names and guest.names != (TOGETHER,)), None)


def moved(line: WrittenLine, centre: int, guest: Guest) -> WrittenLine:
    """Return a line in a guest's range: the octave that fits best, single notes folded in where one is out of reach.

    Parameters
    ----------
    centre : middle of the voice it was written for, MIDI.
    """
    low, high = guest.range
    if line.task.line.rapped:
        pitches = tuple(min(high, max(low, pitch + guest.centre - centre)) for pitch in line.pitches)
        return msgspec.structs.replace(line, pitches=pitches)

    def misfit(move: int) -> tuple[int, float]:
        out = sum(max(low - p - move, p + move - high, 0) for p in line.pitches)
        middle = (min(line.pitches) + max(line.pitches)) / 2
        return out, abs(middle + move - guest.centre)

    move = min((-24, -12, 0, 12, 24), key=misfit)
    return msgspec.structs.replace(line, pitches=tuple(_folded(pitch + move, low, high) for pitch in line.pitches))


def _folded(pitch: int, low: int, high: int) -> int:
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch
