"""One written line becomes one or more sung lines.

Chords and sounds in brackets, stage directions, repeats ("x2"), parentheses for the backing voices, emphasis and
overlong lines are dealt with here. Whatever is not sung is told in ``notes``; a word is never dropped in silence.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from descant.song.lyrics import Line, Word
from descant.song.theory import parse_chord
from descant.words import fields, languages, pronunciation, sections, weights
from descant.words.languages.scripts import composed, of_script, spaced

MAX_SYLLABLES = 18
"""A line with more syllables is sung as two phrases (research: composition, §2.4)."""

_EMPHASIS = "\ue000"
_BRACKETS = re.compile(r"\[([^\[\]]*)\]|\{([^{}]*)\}")
_STARRED = re.compile(r"(?<![\w*])(\*{1,3}|_{1,2})(?=\S)([^*_]+?)(?<=\S)\1(?![\w*])")
_REPEAT = re.compile(
    r"""\s*[(\[]?\s*(?: (?:x|×)\s?(?P<a>\d{1,2}) | (?P<b>\d{1,2})\s?(?:x|×|times)
        | repeat\s+(?:x\s?)?(?P<c>\d{1,2})(?:\s?(?:x|times))? | (?P<bis>bis|repeat)
        | (?<=[(\[])(?P<d>\d{1,2})\s?(?:veces|vezes|volte|fois|mal|keer|razy) )\s*[)\]]?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_DASHES = re.compile(r"(?<=[\w'’,.!?])(\s*[—–]+|--+|…|\.{3})(?=[\w'’])")
_SPEAKER = re.compile(r"^\s*[\[(]?([A-Z][\w.&' ]{0,18}?)[\])]?\s*:\s+(?=\S)")
_STRONG_BREAK = re.compile(r"[.;:?!…—–]+[\"”’')]*$")
_COMMA = re.compile(r",[\"”’']*$")
_PLAYED = ("solo", "riff", "fill", "instrumental")


class Manner(NamedTuple):
    """How the lines after a tag are to be sung."""

    delivery: str = "sung"
    voice: str = ""


class _Segment(NamedTuple):
    text: str
    inside: bool


def chords_in(text: str) -> tuple[str, ...]:
    """Return the chord symbols that stand in brackets inside a line of lyrics, in order."""
    found = (match.group(1) or "" for match in _BRACKETS.finditer(text))
    return tuple(symbol.strip() for symbol in found if is_chord(symbol))


def is_chord(symbol: str) -> bool:
    """Return whether a bracketed text is a chord symbol ("Am", "F#m7", "C/E")."""
    try:
        parse_chord(symbol)
    except ValueError:
        return False
    return True


def repeats(text: str) -> tuple[str, int]:
    """Return a line without its repeat mark, and how often it is to be sung (1–8)."""
    match = _REPEAT.search(text)
    if match is None or (match["bis"] and "(" not in match.group()):
        return text, 1
    written = match["a"] or match["b"] or match["c"] or match["d"]
    return text[: match.start()], max(1, min(8, int(written) if written else 2))


def speaker(text: str) -> tuple[str, str]:
    """Return (name, rest) for a line that opens with who sings it ("A: …"); the name is "" when there is none."""
    match = _SPEAKER.match(text)
    return (match.group(1).strip(), text[match.end() :]) if match else ("", text)


def sung_lines(text: str, manner: Manner, notes: list[str], language: str = "en") -> tuple[Line, ...]:
    """Return the lines to sing for one written line (none when it holds no words).

    Parameters
    ----------
    text : the line as written, without a repeat mark or a speaker's name.
    manner : delivery and voice in force.
    notes : receives a sentence for everything that is left out or read differently.
    language : code of the language the line is in (:mod:`descant.words.languages`).
    """
    text, said = fields.marked(composed(text))
    text, manner = _without_directions(_without_brackets(text, notes), manner, notes)
    if language == "en":  # a line keeps one set of sounds, and only English words can be told in any
        language = of_script(text) or language
    text = languages.language(language).marked(text)
    found: list[Line] = []
    for lead, echo, backing in _grouped(_segments(text, notes)):
        words, emphasised = _words(lead, said, language, notes)
        echo_words, _ = _words(echo, said, language, notes)
        if not words:
            words, echo_words, backing, emphasised = echo_words, (), True, frozenset()
        if not words:
            continue
        delivery = "shouted" if manner.delivery == "sung" and weights.is_shouted(lead) else manner.delivery
        line = Line(
            text=_text(words),
            words=weights.in_line(words, emphasised=emphasised),
            echo=weights.in_line(echo_words),
            backing=backing,
            language=language,
            delivery=delivery,
            voice=manner.voice,
        )
        found.extend(halves(line))
    return tuple(found)


def halves(line: Line) -> tuple[Line, ...]:
    """Return a line cut until no piece has more than :data:`MAX_SYLLABLES` syllables, at punctuation where possible."""
    if len(line.syllables) <= MAX_SYLLABLES or len(line.words) < 2:
        return (line,)
    cut = _best_cut(line)
    first, second = line.words[:cut], line.words[cut:]
    left = msgspec.structs.replace(line, words=weights.in_line(first), text=_text(first), echo=())
    right = msgspec.structs.replace(line, words=second, text=_text(second))
    return halves(left) + halves(right)


def _text(words: Iterable[Word]) -> str:
    return spaced(word.text for word in words)


def _best_cut(line: Line) -> int:
    """Return the word index nearest the middle to cut before; strong punctuation, commas and joining words attract."""
    words, joints = line.words, languages.language(line.language).joints
    total = sum(len(word.syllables) for word in words)
    so_far = 0
    best, best_cost = 1, float("inf")
    for i in range(1, len(words)):
        so_far += len(words[i - 1].syllables)
        previous = words[i - 1].text
        reward = 0.0
        if _STRONG_BREAK.search(previous):
            reward = 9.0
        elif _COMMA.search(previous):
            reward = 7.0
        elif words[i].spoken.split()[0] in joints and words[i - 1].spoken not in joints:
            reward = 4.5
        elif words[i - 1].syllables[-1].weight.value == "F":
            reward = -2.0
        cost = abs(so_far - total / 2) - reward
        if cost < best_cost:
            best, best_cost = i, cost
    return best


def _without_brackets(text: str, notes: list[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        content = (match.group(1) or match.group(2) or "").strip()
        if content and not is_chord(content):
            notes.append(f"[{content}] stands inside a line; it is taken as a sound or direction and not sung")
        glued = (
            match.start() > 0 and text[match.start() - 1].isalnum() and text[match.end() : match.end() + 1].isalnum()
        )
        return "" if glued else " "

    return _BRACKETS.sub(replace, text)


def _without_directions(text: str, manner: Manner, notes: list[str]) -> tuple[str, Manner]:
    def replace(match: re.Match[str]) -> str:
        content = match.group(2)
        if match.group(1) == "*" and sections.is_effect(content):
            notes.append(f"*{content}* is taken as a stage direction and not sung")
            return " "
        return " ".join(_EMPHASIS + token for token in content.split())

    text = _STARRED.sub(replace, text)
    opening = re.match(r"\s*\(([^()]+)\)\s*(?=\S)", text)
    if opening is not None:
        delivery = sections.delivery_of(opening.group(1))
        voice = sections.voice_of(opening.group(1)) if opening.group(1).casefold() in {"female", "male", "both"} else ""
        if delivery or voice:
            return text[opening.end() :], Manner(delivery or manner.delivery, voice or manner.voice)
    return text, manner


def _segments(text: str, notes: list[str]) -> list[_Segment]:
    """Cut a line into runs outside and inside parentheses; nested and unclosed ones are tolerated."""
    found: list[_Segment] = []
    depth, run = 0, ""
    for character in text.replace("（", "(").replace("）", ")"):
        if character in "()":
            found.append(_Segment(run, depth > 0))
            run = ""
            depth = depth + 1 if character == "(" else max(0, depth - 1)
        else:
            run += character
    found.append(_Segment(run, depth > 0))
    kept: list[_Segment] = []
    for segment in found:
        if not _says_something(segment.text):
            continue
        if segment.inside and _is_direction(segment.text):
            notes.append(f"({segment.text.strip()}) is taken as a stage direction and not sung")
            continue
        if kept and kept[-1].inside == segment.inside:
            kept[-1] = _Segment(f"{kept[-1].text} {segment.text}", segment.inside)
        else:
            kept.append(segment)
    return kept


def _is_direction(text: str) -> bool:
    """Backing voices sing words such as "rain" or "echo" too, so only a plain description is a direction."""
    words = text.casefold().split()
    describes = len(words) == 1 or (words[0].endswith("s") and words[-1].endswith("ly")) or words[-1] in _PLAYED
    return sections.is_effect(text) and describes and words[-1].endswith(("s", "ing", "ly", *_PLAYED))


def _says_something(text: str) -> bool:
    return any(character.isalnum() or character in "&@%$" or fields.is_mark(character) for character in text)


def _grouped(segments: list[_Segment]) -> list[tuple[str, str, bool]]:
    """Return (lead, echo, backing) for each line the segments make, in reading order."""
    lines: list[tuple[str, str, bool]] = []
    i = 0
    if len(segments) > 2 and not _parts_well(segments):
        first_inside = segments[0].inside
        lines = [(segments[0].text, "", True)] if first_inside else []
        rest = segments[1:] if first_inside else segments
        tail = rest[-1].text if rest[-1].inside else ""
        body = rest[:-1] if tail else rest
        return [*lines, (" ".join(segment.text for segment in body), tail, False)]
    while i < len(segments):
        if segments[i].inside:
            lines.append((segments[i].text, "", True))
            i += 1
        elif i + 1 < len(segments):
            lines.append((segments[i].text, segments[i + 1].text, False))
            i += 2
        else:
            lines.append((segments[i].text, "", False))
            i += 1
    return lines


def _parts_well(segments: list[_Segment]) -> bool:
    """Whether every lead run between parentheses is long enough to be a phrase of its own."""
    return all(len(segment.text.split()) >= 2 for segment in segments if not segment.inside)


def _words(
    text: str, said: tuple[str, ...], language: str, notes: list[str]
) -> tuple[tuple[Word, ...], frozenset[int]]:
    """Return the words of a run of text, and the places of those that stood between asterisks.

    ``said`` are the pronunciations of the line's fields, which are marked in ``text``.
    """
    marked, given = fields.found(" ".join(_DASHES.sub(r"\1 ", text).split()), said)
    plain, given = _without_emphasis(marked, given)
    emphasised = _emphasised(marked)
    words = languages.read(plain, language)
    if words and (note := languages.language(language).note):
        notes.append(note)
    words, spans = pronunciation.applied(words, plain, given, language, notes)
    read = {at for span in spans for at in range(*span)}
    loud = frozenset(i for i, span in enumerate(spans) if emphasised.intersection(range(*span)))
    for match in re.finditer(r"\S+", plain):
        if any(plain[at].isalpha() and at not in read for at in range(match.start(), match.end())):
            notes.append(f"“{match.group()}” is in a script the singer cannot read yet and is left out")
    return words, loud


def _without_emphasis(marked: str, given: tuple[fields.Field, ...]) -> tuple[str, tuple[fields.Field, ...]]:
    """Return a text without its marks of emphasis, and its fields where they stand in that text."""

    def place(at: int) -> int:
        return at - marked.count(_EMPHASIS, 0, at)

    moved = tuple(field._replace(start=place(field.start), stop=place(field.stop)) for field in given)
    return marked.replace(_EMPHASIS, ""), moved


def _emphasised(marked: str) -> frozenset[int]:
    """Return the places, in the text without marks, of the letters of emphasised tokens."""
    places: set[int] = set()
    place = 0
    for token in marked.split(" "):
        size = len(token.replace(_EMPHASIS, ""))
        if _EMPHASIS in token:
            places.update(range(place, place + size))
        place += size + 1
    return frozenset(places)
