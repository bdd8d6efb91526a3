"""What weirdness does to a song before its first note, and what the weight of the style tags does.

Raising sampling temperatures alone changed nothing one could measure: weirdness acts on decisions instead, each with
its own probability, and each said in the plan's notes (research/composition.md §2.9).
"""

import math
from collections.abc import Mapping

import msgspec

from descant.compose.choices import pick
from descant.song.lyrics import SectionKind
from descant.song.streams import stream
from descant.song.tempo import Metre

_METRES = ((Metre(6, 8), 3.0), (Metre(5, 4), 2.0), (Metre(7, 8), 2.0), (Metre(3, 4), 1.5))
_PHRASED = (SectionKind.VERSE, SectionKind.CHORUS, SectionKind.BRIDGE)
_LAYERS: dict[str, tuple[str, ...]] = {
    "lead": ("flute", "bells", "saw_lead", "clean_guitar"),
    "comp2": ("synth_pluck", "nylon_guitar", "organ", "muted_guitar"),
    "pad": ("choir_pad", "slow_strings", "warm_pad"),
}
"""Layers that may be played by an instrument from elsewhere, and those instruments."""
_LEAST_TYPICAL = 0.9  # style weight from which no instrument comes from outside the style
_POP_SHARE = 0.5  # of plain pop in a song whose style weighs nothing


class Oddities(msgspec.Struct, frozen=True):
    """What is unusual about a song.

    Attributes
    ----------
    metre : an unusual metre, or None for the style's own.
    phrases : kinds of sections in which every second phrase takes a bar more than its words need.
    form : "", "chorus first", "no chorus" or "through-composed": for songs whose form nobody gave.
    instruments : layer to a preset from outside the style.
    notes : what was decided, in words for the user.
    """

    metre: Metre | None = None
    phrases: tuple[SectionKind, ...] = ()
    form: str = ""
    instruments: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()


def draw(seed: int, weirdness: float, style_weight: float, *, free_metre: bool = True) -> Oddities:
    """Return the oddities of a song.

    Parameters
    ----------
    weirdness, style_weight : 0–1. The style's pull keeps foreign instruments out; all else follows weirdness alone, so
        that a song may be odd and yet in style.
    free_metre : whether the metre is not asked for.
    """
    rng = stream(seed, "odd.metre")
    metre = pick(rng, _METRES) if free_metre and rng.random() < 0.5 * max(0.0, weirdness - 0.6) else None
    rng = stream(seed, "odd.form")
    strange = rng.random() < 0.6 * max(0.0, weirdness - 0.3)
    form = ("chorus first", "no chorus", "through-composed")[int(rng.integers(3))] if strange else ""
    phrases = tuple(
        kind
        for kind in _PHRASED
        if stream(seed, f"odd.phrases.{kind.value}").random() < 0.6 * max(0.0, weirdness - 0.4)
    )
    instruments = {} if style_weight >= _LEAST_TYPICAL else _instruments(seed, weirdness)
    notes = []
    if metre is not None:
        notes.append(f"weirdness: in {metre.beats}/{metre.unit}")
    if phrases:
        notes.append(f"weirdness: phrases of three and five bars in the {' and '.join(k.value for k in phrases)}")
    return Oddities(metre, phrases, form, instruments, tuple(notes))


def _instruments(seed: int, weirdness: float) -> dict[str, str]:
    rng = stream(seed, "odd.instruments")
    order = [tuple(_LAYERS)[int(i)] for i in rng.permutation(len(_LAYERS))]
    return {
        layer: _LAYERS[layer][int(rng.integers(len(_LAYERS[layer])))] for layer in order[: math.floor(2 * weirdness)]
    }


def strange_form(form: str, oddity: str) -> str:
    """Return a letter form (see :class:`~descant.compose.styles.writing.WritingStyle`) made unusual.

    Parameters
    ----------
    oddity : "chorus first", "no chorus", "through-composed" or "" for none.
    """
    letters = form.split()
    if oddity == "chorus first" and "C" in letters:
        at = 1 if letters[0] == "I" else 0
        return " ".join([*letters[:at], "C", *letters[at:]])
    if oddity == "no chorus":
        return " ".join("V" if letter in ("C", "T") else letter for letter in letters)
    if oddity == "through-composed":
        seen: list[str] = []
        for letter in letters:
            seen.append(
                letter if letter not in seen else "N" if "N" not in seen else "B" if "B" not in seen else letter
            )
        return " ".join(seen)
    return form


def weighed(genres: tuple[tuple[str, float], ...], style_weight: float, plain: str) -> tuple[tuple[str, float], ...]:
    """Return the weights of a song's styles as the style weight tilts them.

    Above one half the first style grows at the cost of the others; below it, plain pop joins in.

    Parameters
    ----------
    plain : the style that a song without a style is written in.
    """
    if style_weight >= 0.5:
        tilted = [(name, weight ** (2.0 * style_weight)) for name, weight in genres]
    else:
        share = _POP_SHARE * (1.0 - 2.0 * style_weight)
        tilted = [(name, weight * (1.0 - share)) for name, weight in genres]
        known = dict(tilted)
        if plain in known:
            tilted = [(name, weight + share * (name == plain)) for name, weight in tilted]
        else:
            tilted.append((plain, share))
    total = sum(weight for _, weight in tilted)
    return tuple((name, weight / total) for name, weight in tilted)
