"""The sounds of English as the sources name them, and what singing needs to know of each.

Phones are festival's "radio" set in lower case. Durations are in seconds. Classes follow Ladefoged, *A Course in
Phonetics*; caps on sung consonants are measured choices (see ``timing``).
"""

from enum import StrEnum

from descant.perform.voice.errors import PronunciationError


class PhoneClass(StrEnum):
    """Manner of articulation, as far as rendering tells sounds apart."""

    VOWEL = "vowel"
    DIPHTHONG = "diphthong"
    GLIDE = "glide"
    NASAL = "nasal"
    STOP = "stop"
    FRICATIVE = "fricative"
    AFFRICATE = "affricate"
    SILENCE = "silence"


_MEMBERS = {
    PhoneClass.VOWEL: "aa ae ah ao ax eh er ih iy uh uw",
    PhoneClass.DIPHTHONG: "aw ay ey ow oy",
    PhoneClass.GLIDE: "l r w y",
    PhoneClass.NASAL: "m n ng",
    PhoneClass.STOP: "b d g p t k",
    PhoneClass.FRICATIVE: "f v th dh s z sh zh hh",
    PhoneClass.AFFRICATE: "ch jh",
    PhoneClass.SILENCE: "pau",
}
CLASS: dict[str, PhoneClass] = {name: kind for kind, names in _MEMBERS.items() for name in names.split()}
UNVOICED = frozenset(("p", "t", "k", "f", "th", "s", "sh", "hh", "ch", "pau"))
VOICED_OBSTRUENTS = frozenset(("b", "d", "g", "v", "dh", "z", "zh", "jh"))

ONSET_CAP = {
    PhoneClass.STOP: 0.106,
    PhoneClass.AFFRICATE: 0.150,
    PhoneClass.FRICATIVE: 0.150,
    PhoneClass.NASAL: 0.106,
    PhoneClass.GLIDE: 0.094,
}
"""Longest onset consonant in seconds: longer ones make the note sound late.

A fifth shorter, five words in a hundred fewer are understood (forced choice, 120 words, voice clara)."""

CODA_CAP = {
    PhoneClass.STOP: 0.125,
    PhoneClass.AFFRICATE: 0.160,
    PhoneClass.FRICATIVE: 0.160,
    PhoneClass.NASAL: 0.160,
    PhoneClass.GLIDE: 0.112,
}
"""Longest coda consonant in seconds: a singer holds the vowel, not the consonant."""

_ALIASES = {"axr": ("er",), "dx": ("d",), "nx": ("n",), "hv": ("hh",), "el": ("ax", "l"), "em": ("ax", "m")}
_ALIASES |= {"en": ("ax", "n"), "eng": ("ax", "ng"), "ix": ("ih",), "ux": ("uw",), "q": (), "h#": (), "pau": ()}


def is_vowel(phone: str) -> bool:
    """Say whether a phone can carry a note."""
    return CLASS[phone] in (PhoneClass.VOWEL, PhoneClass.DIPHTHONG)


def speakable(phones: tuple[str, ...]) -> tuple[str, ...]:
    """Return a syllable's phones in the set every source has, with at least one vowel.

    Upper case and stress digits are dropped, narrow phones become their broad ones. A syllable without a vowel
    ("shh") gets the reduced vowel at its end, so that there is something to sing.

    Raises
    ------
    PronunciationError : when a phone is not a sound of English.
    """
    plain: list[str] = []
    for phone in phones:
        name = phone.lower().rstrip("012")
        spelled = _ALIASES.get(name, (name,))
        unknown = [part for part in spelled if part not in CLASS]
        if unknown:
            raise PronunciationError(
                f"{phone!r} is not a phone of the English voices; known: {' '.join(sorted(CLASS))}"
            )
        plain.extend(spelled)
    if not any(is_vowel(phone) for phone in plain):
        plain.append("ax")
    return tuple(plain)


def nucleus(phones: tuple[str, ...]) -> int:
    """Return the index of the vowel that carries the note: the first one."""
    return next(i for i, phone in enumerate(phones) if is_vowel(phone))
