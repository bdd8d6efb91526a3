"""Lyrics as text: sections written out with their tags, and what an extension leaves to the song it goes on from."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from descant.song.lyrics import Line, LyricSection, SectionKind, Word
from descant.song.plan import Plan, PlannedSection
from descant.song.score import Phrase, Score
from descant.song.theory import nearest_step
from descant.song.wish import Wish
from descant.words import sections as tags
from descant.words import writer
from descant.words.languages.scripts import spaced
from descant.words.reading import INSTRUMENTAL_MARKER
from descant.words.sheet import Subject

_TAG_LINE = re.compile(r"^\s*[\[【［〔]([^\[\]】］〕]*)[\]】］〕]\s*$")
_RETURNING = frozenset({SectionKind.CHORUS, SectionKind.PRE_CHORUS, SectionKind.POST_CHORUS})
"""Kinds of sections that come back with their words."""

_LEADING = frozenset({SectionKind.VERSE, SectionKind.PRE_CHORUS, SectionKind.BRIDGE})
"""Kinds of sections that a chorus follows."""

_SUNG = _RETURNING | _LEADING
"""Kinds of sections that have words as a rule."""

_CHORDS = "chords "
_VOICES = frozenset({"female", "male", "both"})
_SHORT, _LONG = 60.0, 110.0  # seconds up to which a written continuation has one and two choruses


def sung_sections(plan: Plan, score: Score, before: Score | None) -> tuple[LyricSection, ...]:
    """Return the sections of a song that have words, and before them those of what was heard before the song."""
    earlier = [section for _, section in _as_sung(before)] if before is not None else []
    if len(plan.sections) == len(score.sections):
        own = [section.lyrics for section in plan.sections if section.lyrics is not None and section.lyrics.lines]
    else:
        own = [section for _, section in _as_sung(score)]
    return (*earlier, *own)


def text_of(sections: Iterable[LyricSection]) -> str:
    """Return sections as lyrics text: a tag each, with its directives, and its lines."""
    blocks = []
    for section in sections:
        said = [directive for directive in section.directives if not directive.startswith(_CHORDS)]
        chords = [
            " ".join(f"[{symbol}]" for symbol in directive.removeprefix(_CHORDS).split())
            for directive in section.directives
            if directive.startswith(_CHORDS)
        ]
        tag = f"[{section.label}: {', '.join(said)}]" if said else f"[{section.label}]"
        blocks.append("\n".join([tag, *chords, *map(line_text, section.lines)]))
    return "\n\n".join(blocks)


def text_along(sections: Sequence[PlannedSection], old: str) -> str:
    """Return the lyrics of a song's sections; sections without words are named where the old text named them."""
    said = [
        section.lyrics
        if section.lyrics is not None
        else LyricSection(section.kind, section.label, (), section.directives or _silence(section.kind))
        for section in sections
        if section.lyrics is not None or f"[{section.label}" in old
    ]
    return text_of(said) if any(section.lines for section in said) else INSTRUMENTAL_MARKER


def _silence(kind: SectionKind) -> tuple[str, ...]:
    """Return what a tag says of a section without words, where its name alone does not say so."""
    return ("instrumental",) if kind in _SUNG else ()


def planned(score: Score) -> tuple[PlannedSection, ...]:
    """Return a plan's sections read from a score alone."""
    tonic = score.key.tonic
    worded = dict(_as_sung(score))
    return tuple(
        PlannedSection(s.kind, s.label, s.bars, s.energy, worded.get(i), lift=nearest_step(tonic, s.key.tonic))
        for i, s in enumerate(score.sections)
    )


def is_tagged(text: str) -> bool:
    """Whether section tags stand in lyrics text."""
    matches = (_TAG_LINE.match(line) for line in text.splitlines())
    return any(tags.read(match.group(1)).kind is not None for match in matches if match)


def is_only_tags(text: str) -> bool:
    """Whether lyrics text holds nothing besides tags."""
    return all(_TAG_LINE.match(line) for line in text.splitlines() if line.strip())


def line_text(line: Line) -> str:
    """Return a line as it is written: backing words in parentheses, and who sings it where that is said."""
    echo = f" ({_written(line.echo)})" if line.echo else ""
    lead = _written(line.words) if any(word.written for word in line.words) else line.text
    text = f"({lead})" if line.backing else f"{lead}{echo}"
    return f"({line.voice}) {text}" if line.voice in _VOICES else text


def _written(words: Iterable[Word]) -> str:
    """Return words with the pronunciations their writer gave them."""
    return spaced(word.written or word.text for word in words)


def with_returning_words(text: str, sung: Sequence[LyricSection]) -> str:
    """Return lyrics text with the words of a chorus put under a tag that names it and has none.

    Parameters
    ----------
    sung : the sections of the song that the text goes on from; the last of a kind gives its words.
    """
    lines = text.splitlines()
    found: list[str] = []
    worded: set[SectionKind] = set()
    for n, line in enumerate(lines):
        found.append(line)
        match = _TAG_LINE.match(line)
        tag = tags.read(match.group(1)) if match else tags.Tag("")
        if tag.kind is None or tag.role not in ("section", "repeat"):
            continue
        model = _model(tag, sung)
        bare = _has_no_words(lines[n + 1 :])
        if bare and model is not None and tag.kind not in worded:
            found += map(line_text, model.lines)
        if not bare or model is not None:
            worded.add(tag.kind)
    return "\n".join(found)


def continuation(
    subject: Subject,
    wish: Wish,
    seed: int,
    sung: Sequence[LyricSection],
    after: SectionKind | None,
    seconds: float,
) -> str:
    """Return written words for a song that goes on: a new verse, the chorus it has, a bridge where there is time.

    Parameters
    ----------
    sung : the sections of the song; ``after`` is the kind of the last one heard, which what comes next answers.
    seconds : longest continuation.
    """
    blocks: dict[SectionKind, list[str]] = {}
    for block in writer.write(subject, wish, seed).text.split("\n\n"):
        match = _TAG_LINE.match(block.strip().splitlines()[0]) if block.strip() else None
        kind = tags.read(match.group(1)).kind if match else None
        if kind is not None and len(block.strip().splitlines()) > 1:
            blocks.setdefault(kind, []).append(block.strip())
    own = next((section for section in reversed(sung) if section.kind is SectionKind.CHORUS), None)
    chorus = text_of([msgspec.structs.replace(own, label="Chorus")]) if own else _last(blocks, SectionKind.CHORUS)
    verse = _relabelled(_last(blocks, SectionKind.VERSE), "Verse")
    bridge = _last(blocks, SectionKind.BRIDGE)
    opening = [chorus] if own is not None and after in _LEADING else []
    middle = [verse, chorus] if seconds > _SHORT or not opening else []
    closing = [bridge, chorus] if seconds > _LONG else []
    return "\n\n".join(block for block in [*opening, *middle, *closing] if block)


def as_far_as_sung(section: PlannedSection, score: Score, number: int) -> PlannedSection:
    """Return a planned section with the lines of it, and the words of the last one, that a score's lead sings.

    Parameters
    ----------
    number : of the section in the score.
    """
    if section.lyrics is None:
        return section
    left = sum(
        len(phrase.words) for part in score.vocals if part.leads for phrase in part.phrases if phrase.section == number
    )
    lines = []
    for line in section.lyrics.lines:
        if left <= 0:
            break
        if line.backing or len(line.words) <= left:
            lines.append(line)
        else:
            words = line.words[:left]
            text = spaced(word.text for word in words)
            lines.append(msgspec.structs.replace(line, words=words, text=text, echo=()))
        left -= 0 if line.backing else len(line.words)
    lyrics = msgspec.structs.replace(section.lyrics, lines=tuple(lines)) if lines else None
    return msgspec.structs.replace(section, lyrics=lyrics)


def _as_sung(score: Score) -> list[tuple[int, LyricSection]]:
    """Return a score's sections that its lead sings in, each with its number and lines."""
    phrases: dict[int, list[Phrase]] = {}
    for part in score.vocals:
        if part.leads:
            for phrase in part.phrases:
                phrases.setdefault(phrase.section, []).append(phrase)
    found = []
    for i, section in enumerate(score.sections):
        own = sorted(phrases.get(i, ()), key=lambda phrase: phrase.notes[0].start)
        lines = tuple(Line(p.text, p.words, language=p.language, delivery=p.delivery) for p in own)
        if lines:
            found.append((i, LyricSection(section.kind, section.label, lines)))
    return found


def _model(tag: tags.Tag, sung: Sequence[LyricSection]) -> LyricSection | None:
    """Return the section whose words a tag asks for: the last of its name, else of its kind; None for other tags."""
    if tag.kind not in _RETURNING and tag.role != "repeat":
        return None
    same = [section for section in sung if section.kind is tag.kind]
    named = [section for section in same if section.label == tag.label]
    return (named or same)[-1] if same else None


def _has_no_words(lines: Sequence[str]) -> bool:
    """Whether the next line that is not empty, if any, is a tag."""
    following = next((line for line in lines if line.strip()), "[end]")
    return _TAG_LINE.match(following) is not None


def _last(blocks: dict[SectionKind, list[str]], kind: SectionKind) -> str:
    return blocks[kind][-1] if kind in blocks else ""


def _relabelled(block: str, label: str) -> str:
    """Return a block under a tag of another name; directives stay."""
    return re.sub(r"^\[[^\]:]*", f"[{label}", block) if block else ""
