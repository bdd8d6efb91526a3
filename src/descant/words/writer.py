"""Writes lyrics by rule from hand-made couplets: plain and singable, with the title in the chorus.

The writer claims no more than that (research: composition, §6.1): it never makes a sentence of its own. It chooses
themes, a hook, a form and couplets that have not been used, puts in what the description names (a place, a time, a
name, a thing), and closes choruses on a rhyme with the title found by sound. The result is section-tagged text that
:func:`descant.words.lyrics.parse` reads like any other.
"""

import re
from collections.abc import Sequence

import numpy as np

from descant.song.streams import stream
from descant.song.wish import Wish
from descant.words import lexicon, rhyme
from descant.words.banks import Bank, Couplet, open_bank, shared, themes
from descant.words.data import words_of
from descant.words.sheet import Sheet, Subject
from descant.words.titles import title_case

_FORMS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (50.0, ("verse", "chorus")),
    (85.0, ("verse", "chorus", "verse", "chorus")),
    (120.0, ("verse", "chorus", "verse", "chorus", "bridge", "chorus")),
    (float("inf"), ("verse", "pre", "chorus", "verse", "pre", "chorus", "bridge", "chorus")),
)
"""The form by the longest allowed song, in seconds."""

_FAST_GENRES = frozenset(
    words_of(
        "pop-punk punk drum-and-bass trance techno metal ska samba edm house dance-pop rock trap boom-bap drill disco "
        "k-pop j-pop"
    )
)
_SLOW_WORDS = frozenset({"slow", "very slow"})
_RAP_GENRES = frozenset({"boom-bap", "trap", "drill"})
_SOLO_GENRES = frozenset({"rock", "metal", "blues", "country", "power-ballad", "jazz", "funk", "indie-rock"})
_DROP_GENRES = frozenset({"house", "edm", "trance", "dubstep", "drum-and-bass", "deep-house"})
_ARTICLE = re.compile(r"^(?:a|an|the|my|your|our|some)\s+", re.IGNORECASE)
_LONGEST_HOOK = 7
_LONGEST_THING = 5
"""Syllables of a description's phrase that still fit into a chorus line, and into the middle of a verse line."""
_ALTERNATIVES = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")


def write(subject: Subject, wish: Wish, seed: int, *, max_seconds: float = 240.0) -> Sheet:
    """Return a title and section-tagged lyrics.

    Parameters
    ----------
    subject : what the song is about; an empty subject gives a song chosen by mood and seed.
    wish : genres, moods and tempo decide the form and which themes fit.
    seed : equal inputs and seeds give equal text; other seeds other songs.
    max_seconds : longest allowed song; short ones get a shorter form.
    """
    bank, second = _banks(subject, wish, seed)
    writing = _Writing(bank, second, subject, wish, seed)
    form = next(parts for limit, parts in _FORMS if min(max_seconds, wish.seconds or max_seconds) <= limit)
    return Sheet(writing.title, "\n\n".join(writing.sections(form)) + "\n")


def _banks(subject: Subject, wish: Wish, seed: int) -> tuple[Bank, Bank]:
    """Return the theme to write on, and a second one to borrow a later couplet from."""
    named = [name for name in subject.themes if name in themes()]
    if not named:
        fits = {name: _fit(open_bank(name), wish) for name in themes()}
        fitting = [name for name in themes() if fits[name] == max(fits.values())]
        named = [fitting[int(stream(seed, "writer.theme").integers(len(fitting)))]]
    first = open_bank(named[0])
    return first, open_bank(named[1]) if len(named) > 1 else first


def _fit(bank: Bank, wish: Wish) -> int:
    """Return how well a theme suits a wish: a mood counts twice as much as a genre."""
    genres = {name for name, _ in wish.genres[:2]}
    return 2 * bool(bank.moods & set(wish.moods[:2])) + bool(bank.genres & genres)


class _Writing:
    """One song in the making: remembers what has been used."""

    def __init__(self, bank: Bank, second: Bank, subject: Subject, wish: Wish, seed: int) -> None:
        self._bank, self._second, self._subject, self._wish, self._seed = bank, second, subject, wish, seed
        self._used: set[str] = set()
        self._genres = [name for name, _ in wish.genres[:2]]
        self._long = self._is_fast()
        self._line = self._choose_hook()
        self.title = title_case(self._line)
        self._chorus: list[str] = []

    def sections(self, form: Sequence[str]) -> list[str]:
        """Return the song's sections as text blocks."""
        blocks = ["[Intro]"]
        verses = 0
        pre: list[str] = []
        for place, part in enumerate(form):
            if part == "verse":
                verses += 1
                blocks.append(self._block(self._verse_tag(verses), self._verse(verses)))
            elif part == "pre":
                pre = pre or self._pair(self._bank.lift, "lift")
                blocks.append(self._block("[Pre-Chorus]", pre))
            elif part == "chorus":
                last = place == len(form) - 1
                blocks.extend(self._chorus_blocks(last=last, first=not self._chorus))
            else:
                blocks.extend(self._bridge_blocks())
        blocks.append(self._block("[Outro]", self._outro()))
        return blocks

    def _is_fast(self) -> bool:
        if self._wish.bpm is not None:
            return self._wish.bpm >= 112
        if self._wish.tempo_word in _SLOW_WORDS:
            return False
        return self._wish.tempo_word in {"fast", "very fast"} or bool(_FAST_GENRES & set(self._genres[:1]))

    def _choose_hook(self) -> str:
        """Return the title as a line of the chorus: quoted in the description, what it is about, or the theme's."""
        if self._subject.title:
            return _capital(self._subject.title)
        thing = _ARTICLE.sub("", self._subject.thing)
        draw = stream(self._seed, "writer.title")
        if self._subject.name:
            hooks = shared().name_hooks
            return _capital(hooks[int(draw.integers(len(hooks)))].replace("{name}", self._subject.name))
        if thing and 2 <= _length(thing) <= _LONGEST_HOOK:
            return _capital(thing)
        return self._bank.titles[int(draw.integers(len(self._bank.titles)))]

    def _pair(self, stock: Sequence[Couplet], name: str, *, length: float = 0.0) -> list[str]:
        """Draw an unused couplet; ``length`` asks for lines of about so many syllables."""
        fresh = [couplet for couplet in stock if couplet[0] not in self._used] or list(stock)
        draw = stream(self._seed, f"writer.{name}.{len(self._used)}")
        weights = np.array([np.exp(-abs(_length(first) - length) / 4.0) if length else 1.0 for first, _ in fresh])
        chosen = fresh[int(draw.choice(len(fresh), p=weights / weights.sum()))]
        self._used.add(chosen[0])
        return [self._filled(line, f"{name}.{i}.{len(self._used)}") for i, line in enumerate(chosen)]

    def _filled(self, line: str, name: str) -> str:
        """Choose between a line's alternatives and put the subject's words in."""
        draw = stream(self._seed, f"writer.words.{name}")

        def choose(match: re.Match[str]) -> str:
            options = match.group(1).split("|")
            return options[int(draw.integers(len(options)))]

        subject = self._subject
        values = {
            "at_place": subject.place, "At_place": _capital(subject.place), "at_time": subject.time,
            "At_time": _capital(subject.time), "name": subject.name, "thing": self._subject.thing,
        }  # fmt: skip
        line = _ALTERNATIVES.sub(choose, line)
        for slot, value in values.items():
            line = line.replace(f"{{{slot}}}", value)
        return _capital(line)

    def _verse_tag(self, number: int) -> str:
        rapped = bool(self._genres) and self._genres[0] in _RAP_GENRES
        return f"[Verse {number}: rap]" if rapped or "rapped" in self._wish.voice else f"[Verse {number}]"

    def _verse(self, number: int) -> list[str]:
        couplets = 4 if self._long else 2
        lines = self._personal(number)
        stock = self._bank.scene if number == 1 else self._bank.later
        other = self._second.scene if number == 1 else self._second.later
        for i in range(couplets - len(lines) // 2):
            borrowed = i == couplets - 1 and self._second is not self._bank
            lines += self._pair(other if borrowed else stock, f"verse{number}", length=8.0)
        return lines

    def _personal(self, number: int) -> list[str]:
        """Open a verse on what the description names: place or thing first, then time or name."""
        stock, subject = shared(), self._subject
        wanted: list[tuple[str, Sequence[Couplet]]] = []
        if (
            self._subject.thing
            and not subject.title
            and not subject.name
            and _length(self._subject.thing) <= _LONGEST_THING
        ):
            wanted.append(("thing", stock.thing))
        if subject.place:
            wanted.append(("place", stock.place))
        if subject.name:
            wanted.append(("name", stock.name))
        if subject.time:
            wanted.append(("time", stock.time))
        if number > len(wanted):
            return []
        name, couplets = wanted[number - 1]
        return self._pair(couplets, name)

    def _chorus_blocks(self, *, first: bool, last: bool) -> list[str]:
        if first:
            self._chorus = self._write_chorus()
        lines = list(self._chorus)
        if last:
            lines = [*lines, f"{self._line} ({_small(self._line)})"]
        blocks = [self._block("[Chorus]" if not last else "[Final Chorus]", lines)]
        if self._genres and self._genres[0] in _DROP_GENRES:
            blocks.append("[Drop]")
        return blocks

    def _write_chorus(self) -> list[str]:
        hook = self._hook()
        first = self._pair(self._bank.answers, "chorus")
        closer = self._closer()
        shape = int(stream(self._seed, "writer.chorus.shape").integers(4))
        if self._long:
            second = self._pair(self._bank.answers, "chorus")
            return [hook, first[0], hook, first[1], hook, second[0], closer or hook, second[1] if not closer else hook]
        if shape == 0:
            return [hook, first[0], hook, first[1]]
        if shape == 1 and closer:
            return [*first, closer, hook]
        if shape == 2:
            return [hook, hook, *first]
        return [hook, *first, hook] if not closer else [hook, closer, *first, hook]

    def _hook(self) -> str:
        """Return the title as a line: repeated when it is very short."""
        if _length(self._line) <= 2:
            return f"{self._line}, {_small(self._line)}"
        return self._line

    def _closer(self) -> str:
        """Return a closing line that rhymes with the title, or "" when the stock has none."""
        end = rhyme.last_word(self._line)
        stock = shared().closers
        perfect = [line for line in stock if rhyme.rhymes(rhyme.last_word(line), end)]
        near = perfect or [line for line in stock if rhyme.nearly_rhymes(rhyme.last_word(line), end)]
        if not near:
            return ""
        return _capital(near[int(stream(self._seed, "writer.closer").integers(len(near)))])

    def _bridge_blocks(self) -> list[str]:
        lines = self._pair(self._bank.turn, "turn")
        if len(self._bank.turn) > 1:
            lines += self._pair(self._bank.turn, "turn")
        blocks = [self._block("[Bridge]", lines)]
        if self._genres and self._genres[0] in _SOLO_GENRES:
            lead = "Sax Solo" if self._genres[0] in {"jazz", "funk"} else "Guitar Solo"
            blocks.append(f"[{lead}]")
        return blocks

    def _outro(self) -> list[str]:
        codas = shared().codas
        coda = codas[int(stream(self._seed, "writer.outro").integers(len(codas)))]
        return [_capital(coda.replace("{title}", _small(self._line)))]

    @staticmethod
    def _block(tag: str, lines: Sequence[str]) -> str:
        return "\n".join([tag, *lines])


def _length(text: str) -> int:
    """Return the number of syllables in a text."""
    plain = _ALTERNATIVES.sub(lambda match: match.group(1).split("|")[0], text)
    return sum(len(lexicon.word(token).syllables) for token in plain.split() if lexicon.can_say(token))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """Return a line as it stands inside another: with a small first letter unless it is "I" or written in capitals."""
    capitals = re.match(r"I\b|(?:August|January|Friday|Sunday|Monday)\b", text) or re.search(r"\s[A-Z](?!\b)", text)
    return text if capitals else text[:1].lower() + text[1:]
