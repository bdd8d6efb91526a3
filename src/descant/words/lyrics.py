"""Reads lyrics as people write them: section tags of every form, repeats, backing voices, directions, or none of it."""

import re
from collections.abc import Sequence

import msgspec

from descant.song.lyrics import Line, Lyrics, LyricSection, SectionKind
from descant.words import fields, languages, stanzas
from descant.words import sections as tags
from descant.words.errors import NothingToSingError
from descant.words.languages.detection import detect
from descant.words.lines import Manner, chords_in, is_chord, repeats, speaker, sung_lines

_WHOLE_TAG = re.compile(r"^\s*((?:[\[【［〔][^\[\]】］〕]*[\]】］〕]\s*)+)(.*)$")
_ONE_TAG = re.compile(r"[\[【［〔]([^\[\]】］〕]*)[\]】］〕]")
_CURLY = re.compile(r"^\s*\{\s*([a-z_]+)\s*(?::\s*(.*?))?\s*\}\s*$", re.IGNORECASE)
_HEADING = re.compile(r"^\s*(?:#{1,4}\s+|\*\*\s*)?([^\s#*:][^#*:]{0,40}?)(\s*\*\*)?\s*(:?)(?:\s*\*\*)?\s*$")
_PARENTHESISED = re.compile(r"^\s*\(([^()]+)\)\s*$")
_BARE_NAME = re.compile(
    r"""(?:repeat\ )?(?:(?:final|last|first|second)\ )?
        (?:intro|verse|pre-?\s?chorus|post-?\s?chorus|chorus|refrain|bridge|outro|hook|interlude|instrumental
          |(?:guitar\ |piano\ |sax\ |drum\ )?solo|estribillo|coro|couplet|strophe|verso|refrão|ritornello|puente
          |estrofa|estrofe|strofa|zwrotka|refren|refrein|pré-refrain|pré-refrão|przedrefren|vorrefrain)
        (?:\ ?[1-9]|\ [ivx]{1,3})? (?:\s*\(?\s*(?:x\s?\d|\d\s?x|repeat)\s*\)?)?""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_THE_SONG = re.compile(
    r"^\s*(title|song title|song|artist|by|writer|written by|lyrics by|lyrics|tempo|bpm|key|capo|genre|style|tuning)"
    r"\s*[:=]\s*(.*)$",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s+/{1,2}\s+")
_CHORDPRO = {
    "soc": "Chorus", "start_of_chorus": "Chorus", "sov": "Verse", "start_of_verse": "Verse", "sob": "Bridge",
    "start_of_bridge": "Bridge", "chorus": "Chorus",
}  # fmt: skip
_REPEATABLE = frozenset({SectionKind.CHORUS, SectionKind.PRE_CHORUS, SectionKind.POST_CHORUS})


class _Draft(msgspec.Struct):
    """A section being read. ``stanzas`` are its lines, a list for each run between blank lines."""

    tag: tags.Tag | None
    stanzas: list[list[Line]]
    directives: list[str]
    chords: list[str]

    @property
    def lines(self) -> list[Line]:
        return [line for stanza in self.stanzas for line in stanza]


class _Reader:
    """Walks the lines of a text once, gathering sections."""

    def __init__(self, text: str, title: str, language: str) -> None:
        self.title = title
        self.notes: list[str] = []
        self.drafts: list[_Draft] = [_Draft(None, [[]], [], [])]
        self._manner = Manner()
        self._pending: list[str] = []
        self._after_blank = True
        self._speakers = _speakers(text)
        lines = [line.strip("\ufeff\u200b ") for line in re.split(r"\r\n|\r|\n", text)]
        self._asked = self._section_asked = ""
        self._language = "en"
        for number, (line, detected) in enumerate(
            zip(lines, detect([*map(fields.shown, lines)], language), strict=True)
        ):
            self._language = detected
            self._read(line, number)

    def _read(self, line: str, number: int) -> None:
        if not line.strip():
            if self.drafts[-1].stanzas[-1]:
                self.drafts[-1].stanzas.append([])
            self._after_blank = True
            return
        if not self._read_tags(line, number):
            self._read_words(line)
        self._after_blank = False

    def _read_tags(self, line: str, number: int) -> bool:
        """Take the line's tags; return whether nothing is left to sing."""
        if number < 8 and len(self.drafts) == 1 and not self.drafts[0].lines and self._read_about(line):
            return True
        curly = _CURLY.match(line)
        if curly is not None:
            return self._read_chordpro(curly.group(1).casefold(), curly.group(2) or "")
        whole = _WHOLE_TAG.match(line)
        if whole is not None:
            contents = _ONE_TAG.findall(whole.group(1))
            if contents and all(is_chord(content.strip()) for content in contents):
                if not whole.group(2).strip():
                    self.drafts[-1].chords.extend(content.strip() for content in contents)
                return not whole.group(2).strip()
            for content in contents:
                asked = languages.asked(content)
                if asked:
                    self._asked = asked
                else:
                    self._take(tags.read(content), content)
            if whole.group(2).strip():
                self._read_words(whole.group(2))
            return True
        heading = self._heading(line)
        if heading:
            self._take(tags.read(heading), heading)
        return bool(heading)

    def _read_about(self, line: str) -> bool:
        about = _ABOUT_THE_SONG.match(line)
        if about is None:
            return False
        if about.group(1).casefold() in {"title", "song title"} and not self.title:
            self.title = about.group(2).strip(' "“”')
        if about.group(2):
            self.notes.append(f"“{line.strip()}” tells about the song and is not sung")
        return True

    def _read_chordpro(self, name: str, value: str) -> bool:
        if name in _CHORDPRO:
            label = value or _CHORDPRO[name]
            self._take(tags.read(label), label)
        elif name in {"title", "t"} and not self.title:
            self.title = value
        elif name in {"comment", "c", "ci"}:
            tag = tags.read(value)
            if tag.role:
                self._take(tag, value)
        return True

    def _heading(self, line: str) -> str:
        """Return the section name in a line that is a heading without brackets, or ""."""
        inside = _PARENTHESISED.match(line)
        if inside is not None:
            text = inside.group(1).strip()
            named = _BARE_NAME.fullmatch(text) is not None
            return text if named or tags.delivery_of(text) in {"spoken", "rap"} else ""
        heading = _HEADING.match(line)
        if heading is None:
            return ""
        text = heading.group(1).strip()
        marked = bool(heading.group(3)) or line.lstrip().startswith(("#", "**"))
        if marked and tags.read(text).role in {"section", "repeat"}:
            return text
        plain = _BARE_NAME.fullmatch(text) is not None
        if plain and text.casefold().startswith("repeat "):
            return text
        return text if plain and text[:1].isupper() and (self._after_blank or any(c.isdigit() for c in text)) else ""

    def _take(self, tag: tags.Tag, text: str) -> None:
        if tag.role in {"section", "repeat"}:
            self._section_asked = next((code for part in tag.directives if (code := languages.asked(part))), "")
            self._manner = Manner(tag.delivery or self._delivery_in(tag.directives), tag.voice)
            self.drafts.append(_Draft(tag, [[]], [*tag.directives, *self._pending], []))
            self._pending = []
        elif tag.role in {"delivery", "voice"}:
            self._manner = Manner(tag.delivery or self._manner.delivery, tag.voice or self._manner.voice)
            self.drafts[-1].directives.extend(tag.directives)
            if tag.delivery and not self.drafts[-1].lines:
                self.drafts[-1].directives.append(tag.delivery)
        elif tag.role == "event":
            begun = next((draft.directives for draft in self.drafts if draft.tag or draft.lines), self._pending)
            target = {"next": self._pending, "first": begun}.get(tag.place, self.drafts[-1].directives)
            target.extend(tag.directives)
        elif tag.role == "effect":
            self.notes.append(f"[{text.strip()}] is taken as a sound or direction and not sung")
        elif text.strip() in self._speakers:
            self._manner = Manner(self._manner.delivery, text.strip().casefold())
        else:
            self.notes.append(f"[{text.strip()}] was not understood as a section and is not sung")

    @staticmethod
    def _delivery_in(directives: Sequence[str]) -> str:
        words = " ".join(directives).split()
        return "rap" if "rap" in words else "sung"

    def _read_words(self, line: str) -> None:
        draft = self.drafts[-1]
        draft.chords.extend(chords_in(line))
        if _SLASH.search(line):
            for part in _SLASH.split(line):
                self._read_words(part)
            return
        line, times = repeats(line)
        if not line.strip():
            self._repeat_stanza(times)
            return
        name, rest = speaker(line)
        manner = self._manner
        if name and (name in self._speakers or tags.voice_of(name)):
            manner = Manner(manner.delivery, tags.voice_of(name) or name.casefold())
            line = rest
        language = self._section_asked or self._asked or self._language
        draft.stanzas[-1].extend(sung_lines(line, manner, self.notes, language) * times)

    def _repeat_stanza(self, times: int) -> None:
        """A repeat mark on a line of its own sings the stanza above it again."""
        filled = [stanza for stanza in self.drafts[-1].stanzas if stanza]
        if filled:
            filled[-1].extend(filled[-1] * (times - 1))


def parse(text: str, *, title: str = "", language: str = "") -> Lyrics:
    """Return lyrics text as sections, lines, words and syllables.

    Every word that stands outside tags and directions is kept, in order; what is not sung is told in the result's
    ``notes``. Chords written into the words become a section's directive ``"chords Am F C G"``.

    Parameters
    ----------
    text : the lyrics, with or without section tags.
    title : the song's title when known; otherwise a "Title:" line is used if there is one.
    language : the code of the language the user named for the song, or ""; each line's own words weigh more, and a
        tag in the lyrics ("[Language: French]", "[Verse 2: in Spanish]") decides for what follows it.

    Raises
    ------
    NothingToSingError : when no word could be sung; the caller decides whether that means an instrumental.
    LexiconMissingError : when the pronouncing dictionary is not installed.
    """
    reader = _Reader(text, title, language)
    found: list[LyricSection] = []
    for draft in reader.drafts:
        found.extend(_finished(draft, found, reader.notes))
    if not any(section.lines for section in found):
        asked = ", ".join(section.label for section in found)
        held = f"only section tags ({asked})" if asked else "no words"
        raise NothingToSingError(f"the lyrics hold {held}: there is nothing to sing")
    return Lyrics(tuple(found), reader.title, tuple(dict.fromkeys(reader.notes)))


def _finished(draft: _Draft, earlier: list[LyricSection], notes: list[str]) -> list[LyricSection]:
    """Return the sections a draft stands for: several for repeats and untagged stanzas, none for an empty start."""
    lines = tuple(draft.lines)
    directives = tuple(dict.fromkeys(draft.directives))
    if draft.chords:
        directives += (f"chords {' '.join(draft.chords)}",)
    if draft.tag is None:
        made = list(stanzas.sections([stanza for stanza in draft.stanzas if stanza])) if lines else []
        return [msgspec.structs.replace(section, directives=directives) for section in made]
    tag = draft.tag
    assert tag.kind is not None
    source = _earlier(tag, earlier)
    label = tag.label
    if tag.role == "repeat" and source is not None:
        label = source.label
    extra: list[LyricSection] = []
    if not lines and source is not None and (tag.role == "repeat" or tag.kind in _REPEATABLE):
        lines = source.lines
    elif tag.role == "repeat" and lines and source is not None:
        extra = [LyricSection(tag.kind, source.label, source.lines, directives)] * tag.times
        return [*extra, LyricSection(SectionKind.VERSE, "Verse", lines)]
    elif tag.role == "repeat" and source is None:
        notes.append(f"“{tag.label}” is to be repeated but does not stand earlier in the lyrics")
    section = LyricSection(tag.kind, label, lines, directives)
    return [section] * tag.times


def _earlier(tag: tags.Tag, earlier: list[LyricSection]) -> LyricSection | None:
    same = [section for section in earlier if section.lines and section.kind is tag.kind]
    named = [section for section in same if section.label == tag.label]
    found = named or same
    return found[-1] if found else None


def _speakers(text: str) -> frozenset[str]:
    """Return the names that open at least two lines before a colon: the singers of a dialogue."""
    counts: dict[str, int] = {}
    for line in text.splitlines():
        name, _ = speaker(line)
        if name and len(name.split()) <= 3:
            counts[name] = counts.get(name, 0) + 1
    return frozenset(name for name, count in counts.items() if count > 1 or name in {"A", "B"})
