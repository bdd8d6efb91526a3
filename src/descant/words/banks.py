"""The writer's stock: hand-written couplets by theme (``banks/<language>/*.toml``).

Every entry is a couplet "first line / second line" whose lines rhyme and have nearly equal length. ``{a|b}`` inside a
line gives alternatives. A test reads every bank and holds these rules.
"""

from functools import lru_cache

import msgspec

from descant.words.data import load, names, words_of

Couplet = tuple[str, str]


class Bank(msgspec.Struct, frozen=True):
    """The stock of one theme.

    Attributes
    ----------
    name : the file's name.
    keywords : words of a description that lead to this theme.
    moods, genres : what it suits, by the vocabulary's names; used when nothing says what the song is about.
    titles : hooks that stand as lines of their own.
    scene, later : couplets for the first and for later verses.
    lift : couplets before a chorus.
    answers : couplets for the chorus, around the title.
    turn : couplets for the bridge.
    """

    name: str
    keywords: frozenset[str]
    moods: frozenset[str]
    genres: frozenset[str]
    titles: tuple[str, ...]
    scene: tuple[Couplet, ...]
    later: tuple[Couplet, ...]
    lift: tuple[Couplet, ...]
    answers: tuple[Couplet, ...]
    turn: tuple[Couplet, ...]


class Shared(msgspec.Struct, frozen=True):
    """Lines any theme may use: couplets for a place, a time, a name or a thing; hooks for a name; closing lines."""

    place: tuple[Couplet, ...]
    time: tuple[Couplet, ...]
    name: tuple[Couplet, ...]
    thing: tuple[Couplet, ...]
    name_hooks: tuple[str, ...]
    closers: tuple[str, ...]
    codas: tuple[str, ...]


@lru_cache(maxsize=1)
def themes(language: str = "en") -> tuple[str, ...]:
    """Return the names of the themes of a language, sorted."""
    return names(f"banks/{language}")


@lru_cache(maxsize=64)
def open_bank(name: str, language: str = "en") -> Bank:
    """Return the stock of a theme."""
    table = load(f"banks/{language}/{name}.toml")
    return Bank(
        name=name,
        keywords=frozenset(words_of(table["keywords"])),
        moods=frozenset(words_of(table["moods"])),
        genres=frozenset(words_of(table["genres"])),
        titles=tuple(table["titles"]),
        scene=_couplets(table["scene"]),
        later=_couplets(table["later"]),
        lift=_couplets(table["lift"]),
        answers=_couplets(table["answers"]),
        turn=_couplets(table["turn"]),
    )


@lru_cache(maxsize=2)
def shared(language: str = "en") -> Shared:
    """Return the lines every theme may use."""
    table = load(f"banks/shared.{language}.toml")
    return Shared(
        place=_couplets(table["place"]),
        time=_couplets(table["time"]),
        name=_couplets(table["name"]),
        thing=_couplets(table["thing"]),
        name_hooks=tuple(table["name_hooks"]),
        closers=tuple(table["closers"].strip().splitlines()),
        codas=tuple(table["codas"]["lines"]),
    )


def _couplets(entries: list[str]) -> tuple[Couplet, ...]:
    couplets = []
    for entry in entries:
        first, _, second = entry.partition(" / ")
        couplets.append((first.strip(), second.strip()))
    return tuple(couplets)
