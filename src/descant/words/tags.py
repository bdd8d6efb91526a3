"""Reads style tags: any order, case, spelling and separator → a Wish.

Each tag is freed of its numbers first, then matched against the vocabulary, longest phrase first; what is left is
tried as a misspelling and otherwise reported. Negations ("no drums", "without guitar", the negative tags) win.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from descant.song.wish import Wish
from descant.words import demands, lexicon, vocabulary
from descant.words.data import load, phrases_of, words_of
from descant.words.languages.naming import mentioned
from descant.words.vocabulary import Reading, normal

POSITION_DECAY = 0.75
"""Each genre named later counts for this share of the one before (research: composition, §2.1)."""

_SEPARATORS = re.compile(r"[,;|\n•·]+|\.\s+|\s[/+]\s|(?<=[a-zA-Z]{2})/(?=[a-zA-Z])")
_NEGATION = re.compile(
    r"""^(?:no|without|w/o|not|non|minus|exclude|excluding|avoid|never|zero|free\ of|don't\ use|no\ more|less)\s+
        (?:any\s+|too\s+|much\s+|a\s+)?(.+)$ | ^[-–!]\s*(\S.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_INNER_NEGATION = re.compile(
    r"""\b(?:with\ no|without|no|but\ not|not)\s+(?:any\s+)?([^,;]+?)(?=\s+(?:and|but|with)\s+|$)
        | (?<=\s)[-–](?=[a-zA-Z])([^,;\s]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_LIKENESS = (
    r"in the (?:style|vein|manner|spirit) of|in style of|style of|sounds? (?:just )?like|sounding like|similar to|"
    r"reminiscent of|inspired by|influenced by|a la|à la|like|as sung by|sung by|by"
)
_IMITATION = re.compile(
    rf"\b(?:{_LIKENESS})\s+(.+)$|^(.+?)[- ](?:type beat|style|esque|inspired|like|vibes?)$", re.IGNORECASE
)
_LEFT_OF_LIKENESS = re.compile(rf"\b(?:{_LIKENESS}|in the|style|inspired|type beat)\b", re.IGNORECASE)
_SHORT = 5
"""Letters up to which an English word is taken at its word: "late" is not a misspelled "lute"."""

_SWING = {"swing": 0.62, "shuffle": 0.66, "triplet": 0.66, "straight": 0.5}
_IMPLIED_MOODS = frozenset({"happy", "sad", "dark", "epic", "calm", "romantic", "energetic", "warm"})
_IMPLIED_INSTRUMENTS = frozenset({"piano", "electric guitar"})
_QUIET_ADJECTIVES = frozenset({"mood", "production", "genre", "era"})


class _Gathered(msgspec.Struct):
    """What has been understood so far, in the order it was written."""

    genres: list[tuple[str, float]] = []
    moods: list[str] = []
    voice: list[str] = []
    production: list[str] = []
    instruments: list[tuple[str, str]] = []
    excluded: list[str] = []
    eras: list[str] = []
    tempo_words: list[str] = []
    not_understood: list[str] = []
    notes: list[str] = []
    language: str = ""
    instrumental: bool = False
    prose: bool = False


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    return frozenset(words_of(load("vocabulary/plain.toml")["fillers"]))


@lru_cache(maxsize=1)
def _layers() -> dict[str, str]:
    """Return the layer each word for one names; the layer "voice" makes a song instrumental."""
    table = load("vocabulary/plain.toml")["layers"]
    return {word: layer for layer, words in table.items() for word in phrases_of(words)}


def relatives(genre: str) -> tuple[str, ...]:
    """Return the genres nearest to one, nearest first; for choosing a style when a genre has none of its own."""
    return vocabulary.relatives(genre)


def read(tags: str, negative_tags: str = "", *, prose: bool = False) -> Wish:
    """Return what style tags ask for.

    Parameters
    ----------
    tags : style words, comma separated or as a sentence.
    negative_tags : what must not be heard, in the same form; wins over ``tags``.
    prose : the text is running English, so an English word is never taken for a misspelled tag.

    Returns
    -------
    Wish
        ``not_understood`` holds the words that no rule knew; ``notes`` says what was corrected or left out.
    """
    gathered = _Gathered(prose=prose)
    wanted = _read_demands(tags, gathered)
    for tag in _SEPARATORS.split(wanted.rest):
        _read_tag(tag.strip(), gathered)
    refused = _Gathered()
    for tag in _SEPARATORS.split(negative_tags):
        stripped = _NEGATION.sub(lambda match: match.group(1) or match.group(2), tag.strip())
        _exclude(stripped, gathered, refused)
    return _wish(gathered, wanted)


def _read_demands(text: str, gathered: _Gathered) -> demands.Demands:
    """Read numbers tag by tag, so that "in A, minor chords" is not taken for a key."""
    total = demands.Demands("")
    rests = []
    for tag in _SEPARATORS.split(text):
        found = demands.read(tag)
        rests.append(found.rest.strip())
        for field in ("bpm", "key", "mode", "metre", "seconds"):
            if getattr(total, field) is None:
                setattr(total, field, getattr(found, field))
        gathered.notes.extend(found.notes)
    total.rest = ", ".join(rests)
    return total


def _read_tag(tag: str, gathered: _Gathered) -> None:
    if not tag:
        return
    negation = _NEGATION.match(tag)
    if negation is not None and normal(tag) not in vocabulary.phrases():
        _exclude(negation.group(1) or negation.group(2), gathered, _Gathered())
        return
    if normal(tag) not in vocabulary.phrases():
        code, tag = mentioned(tag)
        gathered.language = gathered.language or code
        tag = _without_negations(tag, gathered)
        tag = _without_artists(tag, gathered)
    if re.fullmatch(r"(?:pure(?:ly)? |fully |only )?instrumental(?: only| music| version| track)?", normal(tag)):
        gathered.instrumental = True
        return
    words = normal(tag).split()
    if "instrumental" in words and not {"break", "section", "interlude", "solo", "intro", "outro"} & set(words):
        gathered.instrumental = True
        words.remove("instrumental")
    _match(words, gathered)


def _without_negations(tag: str, gathered: _Gathered) -> str:
    def replace(match: re.Match[str]) -> str:
        if match.group(1) and normal(match.group(0)) in vocabulary.phrases():
            return match.group(0)
        _exclude(match.group(1) or match.group(2), gathered, _Gathered())
        return " "

    return _INNER_NEGATION.sub(replace, tag)


def _without_artists(tag: str, gathered: _Gathered) -> str:
    plain = normal(tag)
    for name in sorted(vocabulary.artists(), key=len, reverse=True):
        if re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", plain) and (
            len(name) > 6 or plain == name or _IMITATION.search(tag)
        ):
            gathered.notes.append(
                f"“{name}” names an artist; Descant does not imitate people, so the name was left out"
            )
            plain = re.sub(rf"(?<![\w]){re.escape(name)}(?:'s|s')?(?![\w])", " ", plain)
            return _LEFT_OF_LIKENESS.sub(" ", plain)
    match = _IMITATION.search(tag)
    if match is None:
        return tag
    name = (match.group(1) or match.group(2)).strip()
    if _knows_most(name):
        return tag
    gathered.notes.append(f"“{name}” reads like a name; Descant does not imitate people, so it was left out")
    return tag[: match.start()]


def _knows_most(text: str) -> bool:
    """Whether a text is mainly vocabulary ("like 80s pop"), so that it is not a name."""
    trial = _Gathered()
    _match(normal(text).split(), trial, correct=False)
    known = (
        len(trial.genres)
        + len(trial.moods)
        + len(trial.eras)
        + len(trial.instruments)
        + len(trial.voice)
        + len(trial.production)
    )
    return known > 0 and len(trial.not_understood) <= known


def _match(words: Sequence[str], gathered: _Gathered, *, correct: bool = True) -> None:
    """Walk the words of one tag, longest phrases first."""
    table = vocabulary.phrases()
    found: list[tuple[str, tuple[Reading, ...]]] = []
    unknown: list[str] = []
    i = 0
    while i < len(words):
        for size in range(min(vocabulary.longest(), len(words) - i), 0, -1):
            phrase = " ".join(words[i : i + size])
            readings = table.get(phrase) or table.get(phrase.removesuffix("s"))
            if readings:
                found.append((phrase, readings))
                i += size
                break
        else:
            if words[i] not in _fillers():
                corrected = _corrected(words, i, gathered) if correct else None
                if corrected is not None:
                    found.append((corrected, table[corrected]))
                else:
                    unknown.append(words[i])
            i += 1
    _take(found, gathered)
    if unknown:
        gathered.not_understood.append(" ".join(unknown))


def _corrected(words: Sequence[str], i: int, gathered: _Gathered) -> str | None:
    if (gathered.prose or len(words[i]) <= _SHORT) and lexicon.is_listed(words[i]):
        return None
    candidate = vocabulary.nearest(words[i])
    if candidate is not None:
        gathered.notes.append(f"“{words[i]}” was read as “{candidate}”")
    return candidate


def _take(found: list[tuple[str, tuple[Reading, ...]]], gathered: _Gathered) -> None:
    """File the readings; a describing word just before an instrument belongs to that instrument."""
    for i, (phrase, readings) in enumerate(found):
        if any(reading.kind == "genre" for reading in readings):
            _take_implied(phrase, gathered)
        next_kinds = {reading.kind for reading in found[i + 1][1]} if i + 1 < len(found) else set()
        describes = "instrument" in next_kinds and "instrument" not in {reading.kind for reading in readings}
        for reading in readings:
            if (
                describes
                and reading.kind in {"production", "genre"}
                and (reading.kind == "production" or reading.weight < 0.5)
            ):
                continue
            _file(reading, gathered)
            if reading.kind == "instrument":
                before = found[i - 1] if i else None
                adjective = before[0] if before and all(r.kind in _QUIET_ADJECTIVES for r in before[1]) else ""
                gathered.instruments[-1:] = [(reading.name, adjective or _own_adjective(phrase, reading.name))]


def _take_implied(phrase: str, gathered: _Gathered) -> None:
    """File what a genre's name says besides the genre: the piano of "piano ballad", the decade of "90s hip hop"."""
    words = phrase.split()
    for word in words if len(words) > 1 else ():
        for reading in vocabulary.phrases().get(word, ()):
            decade = reading.kind == "era" and word[0].isdigit()
            instrument = reading.kind == "instrument" and reading.name in _IMPLIED_INSTRUMENTS
            mood = reading.kind == "mood" and reading.name in _IMPLIED_MOODS
            if decade or instrument or mood or reading.kind == "tempo":
                _file(reading, gathered)


def _own_adjective(phrase: str, name: str) -> str:
    """Keep what the synonym itself says ("felt piano" → "felt")."""
    rest = [word for word in phrase.split() if word not in name.split() and word.rstrip("s") not in name.split()]
    return " ".join(rest) if rest and len(rest) < len(phrase.split()) else ""


def _file(reading: Reading, gathered: _Gathered) -> None:
    kind, name = reading.kind, reading.name
    if kind == "genre":
        gathered.genres.append((name, reading.weight))
    elif kind == "instrument":
        gathered.instruments.append((name, ""))
    else:
        target = {
            "mood": gathered.moods, "voice": gathered.voice, "era": gathered.eras, "tempo": gathered.tempo_words,
            "production": gathered.production,
        }[kind]  # fmt: skip
        if name not in target:
            target.append(name)


def _exclude(text: str, gathered: _Gathered, refused: _Gathered) -> None:
    """Refuse what a phrase names: remove it from what was asked for and list it."""
    for part in re.split(r"\s+(?:and|or|nor)\s+|\s*&\s*", text):
        plain = normal(part)
        if not plain:
            continue
        layer = _layers().get(plain)
        if layer is not None:
            gathered.instrumental = gathered.instrumental or layer == "voice"
            gathered.excluded.extend([layer] if layer != "voice" else [])
            continue
        before = len(refused.not_understood)
        fresh = _Gathered()
        _match(plain.split(), fresh)
        refused.not_understood.extend(fresh.not_understood)
        names = [name for name, _ in fresh.genres] + fresh.moods + fresh.production + fresh.eras + fresh.tempo_words
        names += [name for name, _ in fresh.instruments] + fresh.voice
        if {"female", "male"} & set(fresh.voice) and "female" not in gathered.voice and "male" not in gathered.voice:
            gathered.voice.append("male" if "female" in fresh.voice else "female")
        gathered.excluded.extend(names)
        if len(refused.not_understood) > before or not names:
            gathered.not_understood.append(f"no {plain}")


def _wish(gathered: _Gathered, wanted: demands.Demands) -> Wish:
    excluded = tuple(dict.fromkeys(gathered.excluded))
    moods = tuple(mood for mood in gathered.moods if mood not in excluded)
    production = tuple(name for name in gathered.production if name not in excluded)
    swing = next((_SWING[name] for name in production if name in _SWING), None)
    instruments: dict[str, str] = {}
    for name, adjective in gathered.instruments:
        if name not in excluded:
            instruments[name] = instruments.get(name) or adjective
    notes = tuple(dict.fromkeys(gathered.notes))
    return Wish(
        genres=_weighed([(name, weight) for name, weight in gathered.genres if name not in excluded]),
        moods=moods,
        mood=vocabulary.mood_sum(moods),
        bpm=wanted.bpm,
        key=wanted.key,
        mode=wanted.mode if wanted.key is None else wanted.key.mode,
        metre=wanted.metre,
        seconds=wanted.seconds,
        tempo_word=next((name for name in gathered.tempo_words if name not in excluded), ""),
        instruments=tuple(instruments.items()),
        excluded=excluded,
        voice=tuple(name for name in gathered.voice if name not in excluded),
        era=next((name for name in gathered.eras if name not in excluded), ""),
        production=production,
        language=gathered.language,
        swing=swing,
        instrumental=gathered.instrumental,
        not_understood=tuple(dict.fromkeys(gathered.not_understood)),
        notes=notes,
    )


def _weighed(genres: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return genres by falling weight (position × specificity), summing to 1; equal names keep their best place."""
    totals: dict[str, float] = {}
    place = 1.0
    for name, specificity in genres:
        if name not in totals:
            totals[name] = place * specificity
            place *= POSITION_DECAY
    whole = sum(totals.values())
    ranked = sorted(totals.items(), key=lambda item: -item[1])
    return tuple((name, weight / whole) for name, weight in ranked)
