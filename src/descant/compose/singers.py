"""Who sings: the lead and the backing voice, and the middle and range the song is written in."""

from collections.abc import Sequence

import msgspec

from descant.compose.errors import CannotWrite
from descant.song.lyrics import Lyrics
from descant.song.persona import Persona
from descant.song.streams import stream
from descant.song.voices import VoiceProfile
from descant.words.languages import language

_REACH = 10  # semitones either side of a voice's centre that a song may use
_INSTRUMENT_CENTRE = 71
_LEAST_SPAN = 14  # semitones a song needs to be written in
_UNCLEAR = 0.6  # share of words understood at which a voice is hardly ever cast unasked

_GENDER_WORDS = {
    "f": frozenset({"female", "woman", "girl", "girl group", "soprano", "mezzo", "alto", "contralto"}),
    "m": frozenset({"male", "man", "boy", "boy band", "tenor", "baritone", "bass voice"}),
}


class Singers(msgspec.Struct, frozen=True):
    """The plan's voices, with notes on wishes no voice could meet."""

    voice: str = ""
    backing_voice: str = ""
    vocal_centre: int = _INSTRUMENT_CENTRE
    vocal_range: tuple[int, int] = (_INSTRUMENT_CENTRE - 12, _INSTRUMENT_CENTRE + 12)
    backing_range: tuple[int, int] = (_INSTRUMENT_CENTRE - 12, _INSTRUMENT_CENTRE + 12)
    notes: tuple[str, ...] = ()


def wanted_gender(gender: str | None, words: Sequence[str]) -> str | None:
    """Return "f" or "m" where the request or its voice words ask for one, else None."""
    if gender in ("f", "m"):
        return gender
    votes = {g: sum(word in names for word in words) for g, names in _GENDER_WORDS.items()}
    return None if votes["f"] == votes["m"] else max(votes, key=lambda g: votes[g])


def cast_singers(
    voices: Sequence[VoiceProfile], gender: str | None, words: Sequence[str], lyrics: Lyrics, register: float, seed: int
) -> Singers:
    """Return who sings.

    Parameters
    ----------
    gender, words : "f" or "m" or None, and the voice words asked for.
    register : semitones added to the lead's own centre.

    Raises
    ------
    CannotWrite : when there is no voice at all.
    """
    if not voices:
        raise CannotWrite("a sung song needs at least one voice")
    languages: dict[str, int] = {}
    for line in lyrics.lines:
        languages[line.language] = languages.get(line.language, 0) + 1
    wanted = wanted_gender(gender, words)
    pool = [voice for voice in voices if wanted is None or voice.gender == wanted] or list(voices)
    notes = [] if wanted is None or pool[0].gender == wanted else [f"no voice of gender {wanted!r} is installed"]

    def fitness(voice: VoiceProfile) -> float:
        spoken = sum(lines for code, lines in languages.items() if _speaks(voice, code))
        return 10.0 * spoken / max(sum(languages.values()), 1) + 3.0 * len(set(words) & set(voice.words))

    lead = max(pool, key=lambda voice: fitness(voice) + _chance(voice, seed))
    notes += _unspoken(lead, languages)
    second = _second(voices, lead)
    return Singers(
        lead.name, second.name, _centre(lead, register), (lead.low, lead.high), (second.low, second.high), tuple(notes)
    )


def cast_persona(
    voices: Sequence[VoiceProfile], persona: Persona, gender: str | None, words: Sequence[str], lyrics: Lyrics
) -> Singers:
    """Return a persona as the lead: its voice whatever else is asked for, in the range and the middle it sang in.

    A range too narrow to write a song in, as that of a few seconds may be, is widened inside the voice's own.

    Raises
    ------
    CannotWrite : when the persona's voice is not installed.
    """
    lead = next((voice for voice in voices if voice.name == persona.voice), None)
    if lead is None:
        known = ", ".join(sorted(voice.name for voice in voices))
        raise CannotWrite(f"the persona sings with the voice {persona.voice!r}, not installed here; known: {known}")
    wanted = wanted_gender(gender, words)
    notes = _unspoken(lead, {line.language: 1 for line in lyrics.lines})
    if wanted is not None and wanted != lead.gender:
        notes.append(f"the persona's own voice {lead.name!r} sings; the voice asked for was left aside")
    second = _second(voices, lead)
    low, high = _widened(persona.range, persona.centre, lead)
    centre = max(low, min(high, persona.centre))
    return Singers(lead.name, second.name, centre, (low, high), (second.low, second.high), tuple(notes))


def in_delivery(lyrics: Lyrics, delivery: str) -> Lyrics:
    """Return the lyrics with every line that would be sung in another delivery ("rap", "spoken", "whispered" …)."""
    sections = tuple(
        msgspec.structs.replace(
            section,
            lines=tuple(
                msgspec.structs.replace(line, delivery=delivery if line.delivery == "sung" else line.delivery)
                for line in section.lines
            ),
        )
        for section in lyrics.sections
    )
    return msgspec.structs.replace(lyrics, sections=sections)


def _widened(span: tuple[int, int], centre: int, voice: VoiceProfile) -> tuple[int, int]:
    """Return a range of at least :data:`_LEAST_SPAN` semitones around a centre, as far as the voice reaches."""
    low, high = span
    if high - low < _LEAST_SPAN:
        low, high = min(low, centre - _LEAST_SPAN // 2), max(high, centre + _LEAST_SPAN // 2)
    return max(low, min(voice.low, span[0])), min(high, max(voice.high, span[1]))


def _second(voices: Sequence[VoiceProfile], lead: VoiceProfile) -> VoiceProfile:
    """Return the backing voice: the one of the lead's gender whose middle lies nearest."""
    others = [voice for voice in voices if voice.name != lead.name and voice.gender == lead.gender]
    return min(others, key=lambda voice: abs(voice.centre - lead.centre)) if others else lead


def _unspoken(lead: VoiceProfile, languages: dict[str, int]) -> list[str]:
    """Return a note on each language the lead has not learned: who speaks it for the lead, or that it has an accent."""
    own = _named(lead.languages[0]) if lead.languages else "foreign"
    spoken_by, lacking = dict(lead.spoken_by), dict(lead.lacking)
    notes = []
    for code in sorted(code for code in languages if not _speaks(lead, code)):
        plain, sings = code.split("-")[0], f"the voice {lead.name!r} sings {_named(code)}"
        if plain in spoken_by:
            notes.append(f"{sings} in its own timbre, with the sounds of {spoken_by[plain]}")
        elif plain in lacking:
            notes.append(f"{sings} with an accent: {lacking[plain]}, which speaks it better, is not installed")
        else:
            notes.append(f"{sings} with an accent: it learned {own}")
    return notes


def _named(code: str) -> str:
    """Return a language's English name."""
    names = language(code).names
    return names[0].capitalize() if names else "another language"


def _chance(voice: VoiceProfile, seed: int) -> float:
    """Return a draw from 0 to 1 that is the highest of several in proportion to how clear the voices are.

    Weighted sampling by keys u^(1/w): Efraimidis & Spirakis 2006. A voice has a stream of its own, so that a voice more
    leaves the others' draws alone.
    """
    weight = max(voice.clarity - _UNCLEAR, 0.05)
    return float(stream(seed, f"plan.voice.{voice.name}").random() ** (1.0 / weight))


def _centre(voice: VoiceProfile, offset: float) -> int:
    """Return the pitch a song is written around, so that :data:`_REACH` semitones either way stay in the range."""
    low, high = voice.low + _REACH, voice.high - _REACH
    wanted = round(voice.centre + offset)
    return (voice.low + voice.high) // 2 if low > high else max(low, min(high, wanted))


def _speaks(voice: VoiceProfile, language: str) -> bool:
    return language.split("-")[0] in {known.split("-")[0] for known in voice.languages}
