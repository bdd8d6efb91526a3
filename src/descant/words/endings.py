"""Pronounces words that are built from known ones: endings, clitics, dropped letters and compounds.

``known`` in every function looks a spelling up in the tables and the dictionary and gives its sound or None.
"""

from collections.abc import Callable

from descant.words.data import load
from descant.words.phones import VOWELS, Sound, joined

Known = Callable[[str], Sound | None]

_VOICELESS = frozenset({"p", "t", "k", "f", "th", "s", "sh", "ch"})
_HISSING = frozenset({"s", "z", "sh", "zh", "ch", "jh"})
_OPEN_ENDINGS = (("ings", "ih ng z"), ("ing", "ih ng"), ("ers", "er z"), ("er", "er"), ("est", "ax s t"))
_CLOSED_ENDINGS = (
    ("ness", "n ax s"), ("less", "l ax s"), ("ly", "l iy"), ("ful", "f ax l"), ("ment", "m ax n t"), ("some", "s ax m"),
    ("hood", "hh uh d"), ("ship", "sh ih p"),
)  # fmt: skip
_BRITISH = (("our", "or"), ("ise", "ize"), ("ising", "izing"), ("ised", "ized"), ("yse", "yze"), ("tre", "ter"))
_CUTS = 3
"""Fewest letters on either side of a compound's seam."""


def composed(spoken: str, known: Known) -> Sound | None:
    """Return the sound of a word made of known parts, or None when it is not.

    Tries, in order: outer apostrophes, clitics ("'ll", "'s", "n't"), a dropped g ("runnin'"), British spellings,
    inflections and endings, and compounds of two known words.
    """
    plain = spoken.strip("'")
    if plain != spoken and (sound := known(plain)) is not None:
        return sound
    return (
        _with_clitic(spoken, known)
        or _clipped(spoken, known)
        or _respelled(plain, known)
        or _inflected(plain, known)
        or _compound(plain, known)
    )


def _with_clitic(spoken: str, known: Known) -> Sound | None:
    if spoken.endswith("s'"):
        return known(spoken[:-1]) or _inflected(spoken[:-1], known)
    for ending, text in load("english/pronunciations.toml")["parts"].items():
        stem = spoken.removesuffix(ending)
        if stem == spoken or not stem:
            continue
        base = known(stem) or composed(stem, known)
        if base is None:
            return None
        phones = tuple(text.split())
        if ending == "'s":
            return with_s(base)
        return joined(base, ((phones, 0),)) if phones[0] in VOWELS else _with_consonants(base, phones)
    return None


def _clipped(spoken: str, known: Known) -> Sound | None:
    stem = spoken.removesuffix("'")
    if not stem.endswith("in"):
        return None
    sound = known(f"{stem}g") or _inflected(f"{stem}g", known)
    if sound is None or sound[-1][0][-1] != "ng":
        return None
    phones, stress = sound[-1]
    return (*sound[:-1], ((*phones[:-1], "n"), stress))


def _respelled(spoken: str, known: Known) -> Sound | None:
    for british, american in _BRITISH:
        if british in spoken:
            sound = known(spoken.replace(british, american)) or _inflected(spoken.replace(british, american), known)
            if sound is not None:
                return sound
    return None


def _inflected(spoken: str, known: Known) -> Sound | None:
    for ending, text in _OPEN_ENDINGS:
        base = _stem(spoken, ending, known)
        if base is not None:
            return _with_syllable(base, tuple(text.split()))
    for ending, text in _CLOSED_ENDINGS:
        base = _stem(spoken, ending, known)
        if base is not None:
            return joined(base, ((tuple(text.split()), 0),))
    base = _stem(spoken, "ed", known)
    if base is not None:
        last = base[-1][0][-1]
        if last in {"t", "d"}:
            return _with_syllable(base, ("ax", "d"))
        return _with_consonants(base, ("t",) if last in _VOICELESS else ("d",))
    base = _stem(spoken, "es", known) or _stem(spoken, "s", known)
    if base is not None:
        return with_s(base)
    base = _stem(spoken, "y", known)
    return None if base is None else _with_syllable(base, ("iy",))


def _stem(spoken: str, ending: str, known: Known) -> Sound | None:
    """Return the sound of what an ending was put on, undoing doubling, a dropped e and y turned i."""
    stem = spoken.removesuffix(ending)
    if stem == spoken or len(stem) < 2:
        return None
    candidates = [stem]
    if ending[0] in "aeiouy":
        candidates.append(f"{stem}e")
        if stem[-1] == stem[-2]:
            candidates.append(stem[:-1])
    if stem.endswith("i"):
        candidates.append(f"{stem[:-1]}y")
    return next((sound for candidate in candidates if (sound := known(candidate)) is not None), None)


def _compound(spoken: str, known: Known) -> Sound | None:
    """Join two known words; of several seams the one nearest the middle wins. The first part keeps the stress."""
    for cut in sorted(range(_CUTS, len(spoken) - _CUTS + 1), key=lambda cut: abs(cut - len(spoken) / 2)):
        left, right = known(spoken[:cut]), known(spoken[cut:])
        if left is not None and right is not None:
            if any(stress == 1 for _, stress in left):
                right = tuple((phones, 2 if stress else 0) for phones, stress in right)
            return joined(left, right)
    return None


def with_s(base: Sound) -> Sound:
    """Return a sound with the s of plurals and possessives: "s", "z" or a syllable of its own."""
    last = base[-1][0][-1]
    if last in _HISSING:
        return _with_syllable(base, ("ax", "z"))
    return _with_consonants(base, ("s",) if last in _VOICELESS else ("z",))


def _with_consonants(base: Sound, phones: tuple[str, ...]) -> Sound:
    last, stress = base[-1]
    return (*base[:-1], (last + phones, stress))


def _with_syllable(base: Sound, phones: tuple[str, ...]) -> Sound:
    """Add a syllable that begins with a vowel; the last consonant moves over to it."""
    last, stress = base[-1]
    if last[-1] in VOWELS or last[-1] == "ng":
        return (*base, (phones, 0))
    return (*base[:-1], (last[:-1], stress), ((last[-1], *phones), 0))
