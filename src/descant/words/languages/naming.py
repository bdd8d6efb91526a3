"""Languages asked for in tags and descriptions ("in Spanish", "French lyrics", "canción en español")."""

import re

from descant.words.languages import named

_MENTION = re.compile(
    r"""\b(?:(?:sung|singing|sing|lyrics|vocals|words|all|entirely|letra|cantado|chanté|gesungen)\s+)?
        (?:in|en|auf|em|po)\s+(?P<a>[^\W\d_]{3,})(?:\s+language)?\b
        | \b(?P<b>[^\W\d_]{3,})[\s-]+(?:lyrics|vocals?|language|words|singing|lyric)\b
        | ^\s*(?P<c>[^\W\d_]{3,})\s*$""",
    re.IGNORECASE | re.VERBOSE,
)


def mentioned(text: str) -> tuple[str, str]:
    """Return (code, rest): the language a text asks the song to be in, and the text without saying so.

    The code is "" and the rest the whole text when none is asked for. A language's bare name counts where it is the
    whole text.
    """
    for match in _MENTION.finditer(text):
        code = named(match["a"] or match["b"] or match["c"])
        if code:
            return code, f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}".strip()
    return "", text
