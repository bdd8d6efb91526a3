"""Which writing systems a text uses, and the language each of them stands for."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

LANGUAGE_OF = {
    "CYRILLIC": "ru",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "IDEOGRAPHIC": "zh",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "THAI": "th",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
}
"""The language with most songs in each script but Latin; Unicode's own name of the script is the key."""

OWN_LETTERS = {
    "uk": ("CYRILLIC", "іїєґ"),
    "be": ("CYRILLIC", "ў"),
    "sr": ("CYRILLIC", "ђјљњћџ"),
    "mk": ("CYRILLIC", "ѓѕќ"),
    "kk": ("CYRILLIC", "әғқңұһі"),
    "mn": ("CYRILLIC", "өү"),
    "fa": ("ARABIC", "پچژگکی"),
    "ur": ("ARABIC", "ٹڈڑںےہھ"),
    "yi": ("HEBREW", "װױײ"),
}
"""Languages that share another one's script: the script, and letters the other does not have."""

_HALF_WIDTH = re.compile("[\uff61-\uffdc]+")

OTHER = "und"
"""The code of a script that no language here is written in."""


@lru_cache(maxsize=4096)
def script(character: str) -> str:
    """Return the script of a letter by Unicode's name of it ("LATIN", "CJK"), or "" when it is not a letter."""
    if not character.isalpha():
        return ""
    name = unicodedata.name(character, "")
    first = name.replace("FULLWIDTH ", "").replace("HALFWIDTH ", "").split("-")[0].split(" ")[0]
    return "LATIN" if first in {"", "MODIFIER", "FEMININE", "MASCULINE", "MICRO"} else first


def of_script(text: str) -> str:
    """Return the language that a text's script tells, or "" for Latin letters or none.

    Kana makes a text Japanese, however many Chinese characters stand beside it; among other scripts the one with
    most letters tells.
    """
    counts: dict[str, int] = {}
    for character in text:
        code = LANGUAGE_OF.get(script(character), "")
        if code:
            counts[code] = counts.get(code, 0) + 1
    if "ja" in counts:
        return "ja"
    if not counts:
        return OTHER if any(script(character) not in ("", "LATIN") for character in text) else ""
    best = max(counts, key=lambda code: counts[code])
    return _sharing(text.casefold(), best)


def _sharing(text: str, code: str) -> str:
    """Return the language, of those that share a script with ``code``, whose own letters stand in a text."""
    counts = {
        other: sum(text.count(letter) for letter in letters)
        for other, (kind, letters) in OWN_LETTERS.items()
        if LANGUAGE_OF.get(kind) == code
    }
    best = max(counts, key=lambda other: counts[other], default=code)
    return best if counts.get(best) else code


def scripts_of(code: str) -> frozenset[str]:
    """Return the scripts a language is written in, none for those in Latin letters."""
    own = {kind for kind, other in LANGUAGE_OF.items() if other == code}
    if code in OWN_LETTERS:
        own.add(OWN_LETTERS[code][0])
    return frozenset(own | ({"CJK", "IDEOGRAPHIC"} if code == "ja" else set()))


def composed(text: str) -> str:
    """Return a text with letters and their marks in one character, and half-width kana and Hangul in full width."""
    return unicodedata.normalize("NFC", _HALF_WIDTH.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text))


def spaced(texts: Iterable[str]) -> str:
    """Return the words of a line as one text: with spaces, but for those of Chinese and Japanese beside each other."""
    out = ""
    for text in texts:
        out += text if not out or (_is_unspaced(out[-1]) and _is_unspaced(text[:1])) else f" {text}"
    return out


def _is_unspaced(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" or character >= "\U00020000"


def runs(text: str, code: str, known: Collection[str]) -> list[tuple[str, str]]:
    """Cut a line where its script leaves its language.

    Parameters
    ----------
    text : one line. code : its language. known : the codes that can be read.

    Returns
    -------
    list of (piece, language code)
        Latin pieces of a line in another script are English. A script that no known language is written in is
        :data:`OTHER`'s, and left out where that is not known either.
    """
    own = scripts_of(code)
    found: list[tuple[str, str]] = []
    for character in text:
        kind = script(character)
        if not kind:
            owner = found[-1][1] if found else code
        elif kind == "LATIN":
            owner = "en" if own or code == OTHER else code
        elif kind in own or (code == "zh" and kind in scripts_of("ja")):
            owner = code
        else:
            owner = LANGUAGE_OF.get(kind, OTHER)
            owner = owner if owner in known else OTHER
        if found and found[-1][1] == owner:
            found[-1] = (found[-1][0] + character, owner)
        else:
            found.append((character, owner))
    return [(piece, owner) for piece, owner in found if owner in known and piece.strip()]
