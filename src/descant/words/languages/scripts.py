"""Which writing systems a text uses, and the language each of them stands for."""

import unicodedata
from collections.abc import Collection
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
    return max(counts, key=lambda code: counts[code]) if counts else ""


def runs(text: str, code: str, known: Collection[str]) -> list[tuple[str, str]]:
    """Cut a line where its script leaves its language.

    Parameters
    ----------
    text : one line. code : its language. known : the codes that can be read.

    Returns
    -------
    list of (piece, language code)
        Latin pieces of a line in another script are English. Letters of a script nobody reads are left out.
    """
    latin_line = code not in LANGUAGE_OF.values()
    found: list[tuple[str, str]] = []
    for character in text:
        kind = script(character)
        if not kind:
            owner = found[-1][1] if found else code
        elif kind == "LATIN":
            owner = code if latin_line else "en"
        else:
            owner = LANGUAGE_OF.get(kind, kind.casefold())
            owner = code if code in {"ja", "zh"} and owner in {"ja", "zh"} else owner
        if found and found[-1][1] == owner:
            found[-1] = (found[-1][0] + character, owner)
        else:
            found.append((character, owner))
    return [(piece, owner) for piece, owner in found if owner in known and piece.strip()]
