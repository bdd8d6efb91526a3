"""Row 5, languages other than English: words understood speaking and singing, with an accent and by a native source.

As ``benchmarks.foreign`` measures it, over a woman's and a man's voice: the figures have no bar, as no ear is a person.
"""

from collections.abc import Iterator

import numpy as np

from benchmarks import foreign
from benchmarks.table import Figure
from descant.perform.voice.sources import roads


def figures() -> Iterator[Figure]:
    """Yield a figure for each language and each road it can be sung on."""
    for language in foreign.LANGUAGES:
        taken = roads.family_of(language) or foreign.ACCENT
        for road in foreign.roads_of(language):
            heard = [foreign.understood(foreign.song(voice, language), road) for voice in foreign.VOICES]
            said, sung = ([pair[which] for pair in heard] for which in (0, 1))
            words = sum(own.words for own in sung)
            measured = f"{language}, {road}{' (taken)' if road == taken else ''}: words of {words}, spoken → sung"
            yield Figure("5 languages", measured, _text(said, sung), "–", None)


def _text(said: list[foreign.Understood], sung: list[foreign.Understood]) -> str:
    ears = [("English ear", "english"), ("native", "native"), ("recorded", "recorded")]
    cells = []
    for name, ear in ears:
        spoken_shares, sung_shares = ([getattr(own, ear) for own in heard] for heard in (said, sung))
        if None not in spoken_shares:
            cells.append(f"{name} {100 * np.mean(spoken_shares):.0f} → {100 * np.mean(sung_shares):.0f} %")
    return ", ".join(cells)
