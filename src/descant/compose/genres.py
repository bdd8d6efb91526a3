"""Which style writes a genre that has no style file of its own, and how styles blend."""

from collections.abc import Sequence

import msgspec

from descant.compose import styles
from descant.compose.styles.writing import WritingStyle

_KIN: tuple[tuple[str, str], ...] = (
    ("ballad", "ballad"),
    ("metal", "metal"),
    ("pop punk", "pop_punk"),
    ("hardcore", "punk"),
    ("punk", "punk"),
    ("emo", "pop_punk"),
    ("indie rock", "indie_rock"),
    ("alternative", "indie_rock"),
    ("garage", "indie_rock"),
    ("grunge", "grunge"),
    ("rock", "rock"),
    ("blues", "blues"),
    ("country", "country"),
    ("bluegrass", "honky_tonk"),
    ("americana", "folk"),
    ("singer-songwriter", "folk"),
    ("folk", "folk"),
    ("acoustic", "folk"),
    ("ska", "ska"),
    ("reggae", "reggae"),
    ("dub", "dub"),
    ("gospel", "gospel"),
    ("worship", "gospel"),
    ("hymn", "march"),
    ("funk", "funk"),
    ("neo soul", "neo_soul"),
    ("soul", "soul"),
    ("r&b", "r_and_b"),
    ("rnb", "r_and_b"),
    ("disco", "disco"),
    ("trap", "trap"),
    ("drill", "drill"),
    ("lo-fi", "lo_fi_hip_hop"),
    ("lofi", "lo_fi_hip_hop"),
    ("hip hop", "boom_bap"),
    ("hip-hop", "boom_bap"),
    ("rap", "boom_bap"),
    ("bossa", "bossa_nova"),
    ("jazz", "jazz"),
    ("swing", "jazz"),
    ("reggaeton", "reggaeton"),
    ("latin", "latin_pop"),
    ("salsa", "salsa"),
    ("afro", "afrobeats"),
    ("house", "house"),
    ("techno", "techno"),
    ("trance", "trance"),
    ("drum and bass", "drum_and_bass"),
    ("jungle", "drum_and_bass"),
    ("synthwave", "synthwave"),
    ("synth", "synth_pop"),
    ("edm", "edm"),
    ("electro", "synth_pop"),
    ("dance", "dance_pop"),
    ("ambient", "ambient"),
    ("new age", "ambient"),
    ("classical", "cinematic"),
    ("cinematic", "cinematic"),
    ("orchestral", "cinematic"),
    ("waltz", "waltz"),
    ("chanson", "waltz"),
    ("lullaby", "waltz"),
    ("indie", "indie_pop"),
)
"""Words in a genre's name, the more particular first, and the style that the rest of the name leaves it nearest to."""

DEFAULT = "pop"
"""The style of anything nearer to pop than to the others, and of a song without a genre."""


def nearest_style(genre: str, names: Sequence[str]) -> str:
    """Return the style (one of ``names``) nearest to a genre without a style of its own."""
    wanted = genre.lower()
    for word, style in _KIN:
        if word in wanted and style in names:
            return style
    return DEFAULT


def writing_of(genres: Sequence[tuple[str, float]]) -> WritingStyle:
    """Return how genres, named by their styles, with weights summing to 1, are written together.

    Raises
    ------
    StyleError : when there is no style of a name.
    """
    return _blend([(styles.load(name).writing, weight) for name, weight in genres])


def _blend(writings: Sequence[tuple[WritingStyle, float]]) -> WritingStyle:
    """Return one style from several with weights summing to 1; the first owns form, tempo range and tables.

    Plain numbers are averaged; modes and instruments of the others join with their weight.
    """
    first = writings[0][0]
    if len(writings) == 1:
        return first
    changes: dict[str, object] = {
        name: sum(getattr(style, name) * weight for style, weight in writings)
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
    for style, weight in writings:
        total = sum(style.modes.values())
        for mode, share in style.modes.items():
            modes[mode] = modes.get(mode, 0.0) + weight * share / total
    changes["modes"] = modes
    changes["instruments"] = {
        layer: tuple(
            (preset, share * weight) for style, weight in writings for preset, share in style.instruments.get(layer, ())
        )
        for layer in first.instruments
    }
    return msgspec.structs.replace(first, **changes)
