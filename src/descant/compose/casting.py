"""Which instruments play in which layer."""

from collections.abc import Mapping, Sequence

from descant.compose.choices import pick
from descant.compose.styles.writing import WritingStyle
from descant.song.streams import stream
from descant.song.wish import Wish

_INSTRUMENTS: tuple[tuple[str, str, str], ...] = (
    ("electric piano", "comp", "electric_piano"),
    ("rhodes", "comp", "electric_piano"),
    ("wurlitzer", "comp", "electric_piano"),
    ("piano", "comp", "grand_piano"),
    ("organ", "comp2", "organ"),
    ("hammond_organ", "comp2", "organ"),
    ("acoustic guitar", "comp2", "acoustic_guitar"),
    ("12-string", "comp2", "acoustic_guitar"),
    ("ukulele", "comp2", "nylon_guitar"),
    ("nylon", "comp2", "nylon_guitar"),
    ("classical guitar", "comp2", "nylon_guitar"),
    ("distorted guitar", "comp", "distorted_guitar"),
    ("overdriven", "comp", "distorted_guitar"),
    ("muted guitar", "comp2", "muted_guitar"),
    ("guitar solo", "lead", "distorted_guitar"),
    ("electric guitar", "comp2", "clean_guitar"),
    ("guitar", "comp2", "clean_guitar"),
    ("upright bass", "bass", "upright_bass"),
    ("double bass", "bass", "upright_bass"),
    ("synth bass", "bass", "synth_bass"),
    ("sub bass", "bass", "synth_bass"),
    ("808", "bass", "synth_bass"),
    ("picked bass", "bass", "picked_bass"),
    ("bass", "bass", "electric_bass"),
    ("string", "strings", "strings"),
    ("orchestra", "strings", "strings"),
    ("violin", "strings", "strings"),
    ("cello", "strings", "slow_strings"),
    ("choir", "pad", "choir_pad"),
    ("pad", "pad", "warm_pad"),
    ("glockenspiel", "lead", "bells"),
    ("bell", "lead", "bells"),
    ("celesta", "lead", "bells"),
    ("music box", "lead", "bells"),
    ("flute", "lead", "flute"),
    ("saw", "lead", "saw_lead"),
    ("synth lead", "lead", "saw_lead"),
    ("pluck", "comp2", "synth_pluck"),
    ("arpeggio", "comp2", "synth_pluck"),
    ("synth", "comp2", "synth_pluck"),
    ("brush", "drums", "brush_kit"),
    ("drum machine", "drums", "electronic_kit"),
    ("electronic drums", "drums", "electronic_kit"),
    ("drum", "drums", ""),
    ("tambourine", "percussion", "percussion"),
    ("shaker", "percussion", "percussion"),
    ("clap", "percussion", "percussion"),
    ("percussion", "percussion", "percussion"),
)
"""(word in the request, layer, preset), the more particular before the general; "" keeps the style's preset."""

_FAMILIES: dict[str, tuple[str, ...]] = {
    "guitar": ("clean_guitar", "acoustic_guitar", "nylon_guitar", "distorted_guitar", "muted_guitar"),
    "acoustic guitar": ("acoustic_guitar", "nylon_guitar"),
    "electric guitar": ("clean_guitar", "distorted_guitar", "muted_guitar"),
    "distorted guitar": ("distorted_guitar",),
    "piano": ("grand_piano", "electric_piano"),
    "electric piano": ("electric_piano",),
    "keys": ("grand_piano", "electric_piano", "organ"),
    "keyboard": ("grand_piano", "electric_piano", "organ"),
    "synth": ("synth_pluck", "saw_lead", "synth_bass", "warm_pad"),
    "string": ("strings", "slow_strings"),
    "choir": ("choir_pad",),
    "organ": ("organ",),
    "flute": ("flute",),
    "bell": ("bells",),
    "808": ("synth_bass",),
}
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
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return layer to preset, and notes on instruments that could not be given.

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
        preset = preset or chosen.get(layer, style.instruments[layer][0][0])
        if not _excluded(layer, preset, wish.excluded):
            chosen[layer] = preset
            wanted.add(layer)
    notes += [
        f"weirdness: {preset.replace('_', ' ')} from outside the style"
        for layer, preset in odd.items()
        if chosen.get(layer) == preset and preset not in dict(style.instruments[layer])
    ]
    return chosen, tuple(notes)


def _find(words: str) -> tuple[str, str] | None:
    for name, layer, preset in _INSTRUMENTS:
        if name in words:
            return layer, preset
    return None


def _excluded(layer: str, preset: str, excluded: Sequence[str]) -> bool:
    for raw in excluded:
        word = raw.lower().strip()
        singular = word.removesuffix("s")
        if layer in (word, singular) or preset == word.replace(" ", "_"):
            return True
        if any(layer in layers for name, layers in _LAYER_WORDS.items() if name == singular):
            return True
        if preset in _FAMILIES.get(word, ()) or preset in _FAMILIES.get(singular, ()):
            return True
    return False
