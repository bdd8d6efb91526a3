"""LRC: lyrics with a time for each line, which players and karaoke programs show beside a song."""

import re
from collections.abc import Sequence

from descant.words.timing import TimedWord

_TAG = re.compile(r"\[[^\]\n]*\]")


def encode(title: str, seconds: float, words: Sequence[TimedWord]) -> str:
    """Return the lines of a song as LRC text, in the order of their times.

    Parameters
    ----------
    title : of the song. seconds : its length.
    words : as :func:`descant.words.timing.time_words` returns them.
    """
    lines: list[tuple[float, str]] = []
    fresh = True
    for word in words:
        text = _TAG.sub("", word.text)
        if fresh or "\n" in text[: len(text) - len(text.lstrip())]:
            lines.append((word.start, ""))
        start, line = lines[-1]
        lines[-1] = (start, line + text.strip("\n"))
        fresh = text.endswith("\n")
    header = [f"[ti:{' '.join(title.replace('[', '(').replace(']', ')').split())}]", f"[length:{_stamp(seconds)[:-3]}]"]
    body = [f"[{_stamp(start)}]{' '.join(line.split())}" for start, line in sorted(lines, key=lambda entry: entry[0])]
    return "\n".join([*header, *body]) + "\n"


def _stamp(seconds: float) -> str:
    """Return minutes, seconds and hundredths, as 03:05.27."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
