"""What a lead sheet shows: a staff for each singer, or for the instrument that has the tune, with notes and words."""

from collections.abc import Sequence
from dataclasses import dataclass

from descant.media import notation
from descant.media.notation import Bar
from descant.song.lyrics import Word
from descant.song.score import Part, Phrase, Role, Score, SungNote, VocalPart

_SPOKEN = frozenset({"rap", "spoken", "shouted", "screamed", "whispered"})
_MELODIC = frozenset({Role.GUITAR, Role.KEYBOARD, Role.STRINGS, Role.SYNTH, Role.BRASS, Role.WOODWINDS})


@dataclass(frozen=True)
class Syllable:
    """A syllable under a note: ``text`` is "" where a melisma ends; ``extend`` is "", "start" or "stop"."""

    text: str
    syllabic: str = "single"
    extend: str = ""


@dataclass(frozen=True)
class Tone:
    """A written note or rest (no pitch), in ticks."""

    start: int
    stop: int
    pitch: int | None = None
    syllable: Syllable | None = None
    spoken: bool = False


@dataclass(frozen=True)
class Staff:
    """A part of the sheet: its tones without gaps, and the beats that are in triplets."""

    name: str
    sung: bool
    tones: tuple[Tone, ...]
    triplets: frozenset[int]


def staves_of(score: Score) -> list[Staff]:
    """Return the lead's part, then the other voices'; without voices the leading instrument's, or an empty one."""
    voices = sorted(score.vocals, key=lambda part: part.role is not Role.LEAD_VOCAL)
    staves = [_sung(part, score) for part in voices if any(phrase.notes for phrase in part.phrases)]
    if staves:
        return staves
    theme = leading_part(score)
    return [_played(theme, score) if theme else Staff("Chords", False, (), frozenset())]


def leading_part(score: Score) -> Part | None:
    """Return the instrument that has the tune where nobody sings, or None.

    Of the melodic parts that play one note at a time it is the last: arrangements are written from the ground up.
    """
    for part in reversed(score.parts):
        melodic = part.role in _MELODIC or (part.role is Role.PERCUSSION and part.instrument != "percussion")
        if melodic and part.notes and len({note.start for note in part.notes}) >= 0.95 * len(part.notes):
            return part
    return None


def _sung(part: VocalPart, score: Score) -> Staff:
    notes = sorted(
        ((note, phrase, index) for phrase in part.phrases for index, note in enumerate(phrase.notes)),
        key=lambda entry: entry[0].start,
    )
    spans, triplets = notation.snapped([(n.start, n.start + n.duration) for n, _, _ in notes], score.metre)
    tones = [
        Tone(start, stop, note.pitch, _syllable(phrase, index), phrase.delivery in _SPOKEN)
        for (start, stop), (note, phrase, index) in zip(spans, notes, strict=True)
        if stop > start
    ]
    return Staff(part.name, True, tuple(tones), triplets)


def _played(part: Part, score: Score) -> Staff:
    """Return an instrument's staff; of notes struck together the highest is the tune."""
    top = {note.start: note for note in part.notes}  # notes rise by (start, pitch)
    notes = list(top.values())
    spans, triplets = notation.snapped([(n.start, n.start + n.duration) for n in notes], score.metre)
    tones = [Tone(*span, note.pitch) for span, note in zip(spans, notes, strict=True) if span[1] > span[0]]
    return Staff(part.name, False, tuple(tones), triplets)


def _syllable(phrase: Phrase, index: int) -> Syllable | None:
    """Return what stands under a note: a new syllable, the end of a melisma, or nothing within one."""

    def same(one: SungNote, other: int) -> bool:
        if not 0 <= other < len(phrase.notes):
            return False
        return (phrase.notes[other].word, phrase.notes[other].syllable) == (one.word, one.syllable)

    note = phrase.notes[index]
    word = phrase.words[note.word]
    ends = note.syllable == len(word.syllables) - 1
    goes_on = same(note, index + 1)
    if same(note, index - 1):
        return Syllable("", extend="stop") if ends and not goes_on else None
    syllabic = ("single" if ends else "begin") if note.syllable == 0 else ("end" if ends else "middle")
    return Syllable(_syllable_text(word, note.syllable), syllabic, "start" if ends and goes_on else "")


def _syllable_text(word: Word, index: int) -> str:
    """Return a syllable with the punctuation that the word was written with."""
    text = word.syllables[index].text
    if index == len(word.syllables) - 1:
        letters = word.text.rstrip(",.;:!?…")
        text += word.text[len(letters) :] if not text.endswith(word.text[len(letters) :]) else ""
    return text


def without_gaps(tones: Sequence[Tone], bars: Sequence[Bar]) -> list[Tone]:
    """Return the tones with the rests between them, from the first bar to the end of the last."""
    result, at = [], bars[0].start
    for tone in tones:
        if tone.start > at:
            result.append(Tone(at, tone.start))
        result.append(tone)
        at = tone.stop
    if at < bars[-1].stop:
        result.append(Tone(at, bars[-1].stop))
    return result
