"""Reads a free description ("a sad country song about leaving my hometown in the rain, 90 bpm") into wish and subject.

The text is parted into what it says about the sound and what it says about the story: the story follows "about" (or
its like) until a comma begins to speak of sound again. Without such a word, vocabulary is sound and the rest is story.
"""

import re
from collections import Counter
from functools import lru_cache

import msgspec

from descant.song.wish import Wish
from descant.words import demands, lexicon, tags, vocabulary
from descant.words.banks import open_bank, themes
from descant.words.data import load, phrases_of, words_of
from descant.words.sheet import Subject
from descant.words.vocabulary import normal

_FLAGS = re.IGNORECASE | re.VERBOSE
_ABOUT = re.compile(
    r"""\b(?: (?:is\ |that\ is\ |that's\ |which\ is\ |all\ )?about | on\ the\ (?:theme|subject|topic)\ of
        | (?:that\ tells|telling)\ (?:the\ story\ )?of | telling\ how | dedicated\ to | describing | celebrating
        | in\ memory\ of | where\ (?=[a-z]+\ (?:is|are|sings?|falls?|lives?|dies?))
        | (?:(?<=song\ )|(?<=tune\ )|(?<=ballad\ )|(?<=anthem\ ))for
        | for\ (?=(?:my|our|his|her|a\ friend|someone)\b) )\s*""",
    _FLAGS,
)
_QUOTED = re.compile(
    r"(?:(?:called|titled|named|entitled|title:?)\s+)?[\"“«„]([^\"”»“]{2,60})[\"”»“]"
    r"|(?:called|titled|entitled)\s+((?:[A-Z][\w']*\s?(?:(?:of|the|and|in|on|to|a)\s)?){1,6})"
)
_TURN = re.compile(r"\b(?:but|although|though|yet)\s+([^,.;]+)", re.IGNORECASE)
_BREAKS = re.compile(r"\s*[,;.\n]\s*|\s+[-–—]\s+")
_PLACE = re.compile(
    r"""\b(in|on|at|by|near|under|across|along|behind|inside|from|to|through|over|beside)\s+
        ((?:(?:the|a|an|my|our|his|her|their|your|this|that|old|small|big|little|empty|cold|dark)\s+)*)([\w'\ ]+)""",
    _FLAGS,
)
_PROPER_PLACE = re.compile(
    r"\b(?:in|to|from|at|near|of|through|around|leaving)\s+((?:[A-Z][\w'’]+)(?:\s[A-Z][\w'’]+){0,2})"
)
_NAME = re.compile(
    r"\b(?:named|called|for|about|to|miss(?:ing)?|lov(?:e|ing)|with|dear|girl|boy|friend|wife|husband|daughter|son|sister|brother|"
    r"dog|cat|mother|grandmother|baby)\s+([A-Z][a-z]+)\b(?!\s+[A-Z])"
)
_WHO = re.compile(
    r"who|that|which|when|while|because|after|before|until|so|and|with|without|in|on|at|by|from|to|for|under|across|near|"
    r"through|during|over|is|are|was|were|has|have|falls|but",
    re.IGNORECASE,
)
_AT_TIMES = frozenset(words_of("midnight dawn sunrise sunset dusk noon twilight night christmas halloween"))
_IN_THE_TIMES = frozenset(words_of("morning evening eighties nineties summer winter autumn spring fall"))
_AMBIGUOUS_TIMES = frozenset({"may", "march", "fall", "spring"})
_NO_THING = frozenset(words_of("how what why when where who i you we he she they being"))
_KEPT = {"from": "in", "to": "in", "through": "in", "over": "on", "leaving": "in"}
_LONGEST_THING = 4
_NOT_NAMES = frozenset(
    words_of("i the a an my our christmas halloween english spanish french german italian japanese korean")
)


def read(text: str) -> tuple[Wish, Subject]:
    """Return what a description asks for and what its song is about.

    Parameters
    ----------
    text : one or more sentences; quoted words are taken as the title.
    """
    title = _title(text)
    plain = _QUOTED.sub(" ", text) if title else text
    sound, story = _parted(plain)
    wish = tags.read(sound, prose=True)
    story_wish = tags.read(story, prose=True)
    moods = tuple(dict.fromkeys(wish.moods + story_wish.moods))
    leftover = " ".join(wish.not_understood)
    if not story:
        story = _strange_chunks(plain)
    wish = msgspec.structs.replace(
        wish,
        moods=moods,
        mood=vocabulary.mood_sum(moods),
        not_understood=(),
        notes=wish.notes,
        era=wish.era or story_wish.era,
    )
    return wish, _subject(text, title, story, leftover)


def _title(text: str) -> str:
    match = _QUOTED.search(text)
    return (match.group(1) or match.group(2)).strip(" ,.") if match else ""


def _parted(text: str) -> tuple[str, str]:
    """Return (what speaks of sound, what speaks of the story)."""
    match = _ABOUT.search(text)
    if match is None:
        return text, ""
    sound = [text[: match.start()]]
    story: list[str] = []
    for i, chunk in enumerate(_BREAKS.split(text[match.end() :])):
        if i and _speaks_of_sound(chunk):
            sound.append(chunk)
        elif chunk:
            story.append(chunk)
    return ", ".join(sound), ", ".join(story)


def _speaks_of_sound(chunk: str) -> bool:
    """Whether most of a chunk is musical: numbers, instruments, genres, voices, tempo."""
    found = demands.read(chunk)
    if found.rest.strip() != chunk.strip() and any((found.bpm, found.key, found.metre, found.seconds)):
        return True
    wish = tags.read(found.rest, prose=True)
    musical = len(wish.genres) + len(wish.instruments) + len(wish.voice) + len(wish.production) + len(wish.excluded)
    musical += bool(wish.tempo_word) + bool(wish.era) + wish.instrumental
    strange = sum(len(words.split()) for words in wish.not_understood)
    return (musical > 0 and strange <= musical) or (bool(wish.moods) and strange == 0 and len(chunk.split()) <= 3)


def _strange_chunks(text: str) -> str:
    """Return the parts of a text between commas that hold words no tag knows and name no music: its story."""
    chunks = [chunk for chunk in _BREAKS.split(text) if chunk and not _speaks_of_sound(chunk)]
    return ", ".join(chunk for chunk in chunks if tags.read(chunk, prose=True).not_understood)


def _subject(text: str, title: str, story: str, leftover: str) -> Subject:
    turn = _TURN.search(story)
    spelled = normal(story).split()
    name = _name(story)
    return Subject(
        text=text,
        title=title,
        themes=_themes(f"{story} {leftover} {title}") or _themes(text),
        thing=_thing(story),
        person=_person(spelled),
        name=name,
        place=_place(story),
        time=_time(story),
        turn=turn.group(1).strip() if turn else "",
    )


def _themes(story: str) -> tuple[str, ...]:
    """Return the themes whose keywords a story uses, best first; early words and words of few themes count more."""
    words = [_stem(word) for word in normal(story).replace("'s", "").split()]
    stock = {name: {_stem(keyword) for keyword in open_bank(name).keywords} for name in themes()}
    sharing = Counter(keyword for keywords in stock.values() for keyword in keywords)
    scores: dict[str, float] = {}
    for name, keywords in stock.items():
        hits = [1.0 / sharing[word] / (1.0 + 0.1 * i) for i, word in enumerate(words) if word in keywords]
        if hits:
            scores[name] = sum(hits)
    return tuple(sorted(scores, key=lambda name: (-scores[name], name)))[:3]


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _thing(story: str) -> str:
    """Return the short noun or gerund phrase the story opens with ("a lonely astronaut", "leaving my hometown")."""
    words: list[str] = []
    for word in _BREAKS.split(story.strip())[0].split():
        if words and _WHO.fullmatch(word):
            break
        words.append(word.strip('"“”!?:'))
    while words and lexicon.is_function_word(words[-1].casefold()):
        words.pop()
    sayable = all(lexicon.can_say(word) for word in words)
    if not words or len(words) > _LONGEST_THING or not sayable or words[0].casefold() in _NO_THING:
        return ""
    phrase = " ".join(words)
    named = words[0][:1].isupper() and words[0].casefold() not in {"a", "an", "the", "my", "our"} and len(words) < 3
    return phrase if named else phrase[:1].lower() + phrase[1:]


def _person(words: list[str]) -> str:
    table = load("vocabulary/subjects.toml")["people"]
    for word in words:
        for person in ("she", "he", "they", "we", "you"):
            if word in phrases_of(table[person]):
                return person
    return "I" if any(word in phrases_of(table["I"]) for word in words) else ""


def _name(story: str) -> str:
    match = _NAME.search(story)
    if match is None or match.group(1).casefold() in _NOT_NAMES or normal(match.group(1)) in _times():
        return ""
    return "" if _PROPER_PLACE.search(story) and match.group(1) in _place(story) else match.group(1)


@lru_cache(maxsize=1)
def _times() -> tuple[str, ...]:
    return phrases_of(load("vocabulary/subjects.toml")["times"])


@lru_cache(maxsize=1)
def _places() -> tuple[str, ...]:
    return tuple(sorted(phrases_of(load("vocabulary/subjects.toml")["places"]), key=lambda place: (-len(place), place)))


def _place(story: str) -> str:
    """Return where the story happens, with its preposition ("on the beach"), or ""."""
    for match in _PLACE.finditer(story):
        preposition, articles, noun = match.group(1).casefold(), match.group(2), match.group(3)
        for place in _places():
            if re.match(rf"{re.escape(place)}\b", noun, re.IGNORECASE):
                return f"{_KEPT.get(preposition, preposition)} {articles}{noun[: len(place)]}".replace("  ", " ")
    proper = _PROPER_PLACE.search(story)
    if proper is not None and normal(proper.group(1)) not in _times() and not _NAME.fullmatch(proper.group(0)):
        return f"in {proper.group(1)}"
    return ""


def _time(story: str) -> str:
    """Return when the story happens, with its preposition ("at midnight", "in June"), or ""."""
    for time in _times():
        match = re.search(
            r"\b((?:at|in|on|one|every|last|this|before|after|until|during)\s+)?"
            rf"((?:(?:a|an|the|early|late|cold|warm|hot|rainy|long)\s+)*){re.escape(time)}\b",
            story,
            re.IGNORECASE,
        )
        if match is not None and match.group(1):
            return match.group(0)
        if match is not None and time not in _AMBIGUOUS_TIMES:
            return _dated(time)
    return ""


def _dated(time: str) -> str:
    """Return a bare time word with the preposition English gives it."""
    if time.endswith("day"):
        return f"on {time.capitalize()}"
    if time in _AT_TIMES:
        return f"at {time.capitalize() if time in {'christmas', 'halloween'} else time}"
    if time in _IN_THE_TIMES:
        return f"in the {time}"
    return "on the weekend" if time == "weekend" else f"in {time.capitalize()}"
