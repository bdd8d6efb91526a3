"""Which instruments play in which layer."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from descant.compose.choices import pick
from descant.compose.styles.writing import WritingStyle
from descant.song.streams import stream
from descant.song.wish import Wish

_TABLE = Path(__file__).with_name("casting.toml")
_LAYER_WORDS: dict[str, tuple[str, ...]] = {
    "drum": ("drums", "percussion"),
    "beat": ("drums", "percussion"),
    "percussion": ("percussion",),
    "bass": ("bass",),
    "pad": ("pad",),
    "string": ("strings",),
    "lead": ("lead",),
    "solo": ("lead",),
}


def cast_instruments(
    wish: Wish, style: WritingStyle, seed: int, strict: float, odd: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Return layer to preset, the layers that were asked for, and notes on instruments that could not be given.

    Instruments asked for take their layer from the style's choice; excluded ones are refused last, whatever else asks.

    Parameters
    ----------
    strict : how closely the style's tables are kept to, see :func:`choices.sharpness`.
    odd : layer to an instrument from outside the style, for layers the song has anyway.
    """
    chosen: dict[str, str] = {}
    for layer, table in style.instruments.items():
        allowed = [(preset, share) for preset, share in table if not _excluded(layer, preset, wish.excluded)]
        taken = set(chosen.values())
        fresh = [(preset, share) for preset, share in allowed if not preset or preset not in taken] or allowed
        preset = pick(stream(seed, f"plan.instrument.{layer}"), fresh, sharpness=strict) if fresh else ""
        if preset:
            chosen[layer] = preset
    for layer, preset in odd.items():
        if layer in chosen and preset not in chosen.values() and not _excluded(layer, preset, wish.excluded):
            chosen[layer] = preset
    notes = []
    wanted: set[str] = set()
    for word, adjective in wish.instruments:
        match = _find(f"{adjective} {word}".strip().lower()) or _find(word.lower())
        if match is None:
            notes.append(f"no {word} is in the band yet")
            continue
        layer, preset = match
        if layer == "comp2" and layer in wanted and "comp" not in wanted:
            layer = "comp"
        own = chosen.get(layer, "")
        if not preset or (not adjective and _answers(own, word.lower())):
            preset = own
        preset = preset or next((p for p, _ in style.instruments.get(layer, ()) if p), "")
        held = [name for name, other in chosen.items() if other == preset]
        seated = layer if layer in held else next(iter(held), layer)
        if seated != layer and seated not in wanted:
            wanted.add(seated)  # the style has it already, in a seat that suits it better
        elif not _excluded(layer, preset, wish.excluded):
            chosen[layer] = preset
            wanted.add(layer)
    notes += [
        f"weirdness: {preset.replace('_', ' ')} from outside the style"
        for layer, preset in odd.items()
        if chosen.get(layer) == preset and preset not in dict(style.instruments[layer])
    ]
    return chosen, tuple(sorted(wanted)), tuple(notes)


class _Casting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in a request, with layer and preset, in order; and families with parts of the presets' names.

    ``apart`` are parts of the names of presets that are refused with a word, but do not do where it is asked for.
    """

    asked: dict[str, tuple[str, str]]
    families: dict[str, tuple[str, ...]]
    apart: dict[str, tuple[str, ...]]


@cache
def _casting() -> _Casting:
    return msgspec.toml.decode(_TABLE.read_bytes(), type=_Casting)


def _find(words: str) -> tuple[str, str] | None:
    for name, place in _casting().asked.items():
        if name in words:
            return place
    return None


def _excluded(layer: str, preset: str, excluded: Sequence[str]) -> bool:
    for raw in excluded:
        word = raw.lower().strip()
        singular = word.removesuffix("s")
        if layer in (word, singular):
            return True
        if any(layer in layers for name, layers in _LAYER_WORDS.items() if name == singular):
            return True
        if preset and any(part in preset for part in _parts(word)):
            return True
    return False


def _answers(preset: str, word: str) -> bool:
    """Return whether a preset is what somebody means who asks for a word alone."""
    apart = _casting().apart.get(word, ())
    return any(part in preset for part in _parts(word)) and not any(part in preset for part in apart)


def _parts(word: str) -> tuple[str, ...]:
    """Return parts of the names of the presets that answer to a word, singular or plural."""
    singular = word.removesuffix("s")
    families = _casting().families
    return (singular.replace(" ", "_"), *(families.get(word) or families.get(singular, ())))
