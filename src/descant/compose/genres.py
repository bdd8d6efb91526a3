"""Which style writes a genre that has no style file of its own, and how styles blend."""

from collections.abc import Sequence

import msgspec

from descant.compose.styles.writing import WritingStyle

_KIN: tuple[tuple[str, str], ...] = (
    ("power ballad", "ballad"),
    ("ballad", "ballad"),
    ("pop punk", "rock"),
    ("punk", "rock"),
    ("metal", "rock"),
    ("grunge", "rock"),
    ("rock", "rock"),
    ("alternative", "rock"),
    ("garage", "rock"),
    ("hardcore", "rock"),
    ("emo", "rock"),
    ("blues", "rock"),
    ("country", "rock"),
    ("ska", "rock"),
    ("folk", "ballad"),
    ("acoustic", "ballad"),
    ("americana", "ballad"),
    ("singer-songwriter", "ballad"),
    ("gospel", "ballad"),
    ("soul", "ballad"),
    ("jazz", "ballad"),
    ("bossa", "ballad"),
    ("lullaby", "ballad"),
    ("waltz", "ballad"),
    ("chanson", "ballad"),
    ("classical", "ballad"),
    ("cinematic", "ballad"),
    ("orchestral", "ballad"),
    ("ambient", "ballad"),
    ("new age", "ballad"),
    ("hymn", "ballad"),
    ("worship", "ballad"),
    ("mandopop", "ballad"),
    ("musical", "ballad"),
)
DEFAULT = "pop"
"""The style of anything nearer to pop than to the others, and of a song without a genre."""


def nearest_style(genre: str, names: Sequence[str]) -> str:
    """Return the style (one of ``names``) nearest to a genre without a style of its own."""
    wanted = genre.lower()
    for word, style in _KIN:
        if word in wanted and style in names:
            return style
    return DEFAULT


def blend(styles: Sequence[tuple[WritingStyle, float]]) -> WritingStyle:
    """Return one style from several with weights summing to 1; the first owns form, tempo range and tables.

    Plain numbers are averaged; modes and instruments of the others join with their weight.
    """
    first = styles[0][0]
    if len(styles) == 1:
        return first
    changes: dict[str, object] = {
        name: sum(getattr(style, name) * weight for style, weight in styles)
        for name in (
            "colour",
            "slash",
            "syncopation",
            "melisma",
            "pace",
            "chorus_pace",
            "chorus_rise",
            "span",
            "lateness",
            "vibrato",
        )
    }
    modes: dict[str, float] = {}
    for style, weight in styles:
        total = sum(style.modes.values())
        for mode, share in style.modes.items():
            modes[mode] = modes.get(mode, 0.0) + weight * share / total
    changes["modes"] = modes
    changes["instruments"] = {
        layer: tuple(
            (preset, share * weight) for style, weight in styles for preset, share in style.instruments.get(layer, ())
        )
        for layer in first.instruments
    }
    return msgspec.structs.replace(first, **changes)
