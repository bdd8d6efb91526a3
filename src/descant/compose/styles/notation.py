"""The notation of patterns: one character a sixteenth note, spaces and ``|`` for the eye only.

Sixteen characters are a bar of 4/4, twelve a bar of 3/4 or 6/8; a multiple makes a pattern of several bars. ``.`` rests
and ``=`` lets the last note ring on, over the bar line too where the next bar begins with it.

==========  ==================================================================================================
drums       ``X`` accent, ``x`` plain, ``o`` soft, ``g`` ghost, ``?`` a soft hit in about one bar of three; ``2`` two
            strokes within the sixteenth, ``3`` three spread over it and the next
bass        ``r`` root, ``5`` fifth, ``L`` the fifth below, ``8`` octave, ``3`` ``6`` ``7`` third, sixth and seventh,
            ``a`` approach to the next root (a root where none is wanted), ``n`` the next chord's root struck early,
            ``w`` a step of a walking line, ``g`` a dead note; capital ``R`` an accented root; ``~`` instead of the
            last ``=`` rings on into the next note, to which a bass that glides then slides
chords      ``X`` ``x`` ``o`` the whole voicing, accented, plain, soft; ``N`` ``n`` the next chord's, struck early;
            digits one note of it, counted from below and on into the next octave; ``t`` the top two notes, ``m`` all
            but the lowest, ``v`` the lowest with its octave
left hand   as bass, without ``a``, ``w`` and ``g``
strum       ``D`` ``d`` down, loud and soft; ``U`` ``u`` up; ``N`` ``n`` down on the next chord, struck early; ``m`` a
            palm-muted downstroke; ``k`` a muted chick; ``b`` the bass string, ``f`` the fifth below or above it, digits
            one string of the shape counted from below
==========  ==================================================================================================
"""

STEP = 0.25
"""Length of one pattern character in beats."""

DRUM_LETTERS = frozenset("Xxog?23.")
BASS_LETTERS = frozenset("Rr5L8367anwg~=.")
LEFT_LETTERS = frozenset("Rr5L8367n=.")
CHORD_LETTERS = frozenset("XxoNntmv123456=.")
STRUM_LETTERS = frozenset("DdUuNnmkbf123456=.")
DRUM_KEYS = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "tom_floor": 41,
    "hat": 42,
    "pedal_hat": 44,
    "tom_low": 45,
    "open_hat": 46,
    "tom_mid": 47,
    "crash": 49,
    "tom_high": 50,
    "ride": 51,
    "china": 52,
    "bell": 53,
    "tambourine": 54,
    "splash": 55,
    "cowbell": 56,
    "crash2": 57,
    "vibraslap": 58,
    "bongo_high": 60,
    "bongo_low": 61,
    "conga_slap": 62,
    "conga_high": 63,
    "conga_low": 64,
    "timbale_high": 65,
    "timbale_low": 66,
    "agogo_high": 67,
    "agogo_low": 68,
    "cabasa": 69,
    "maracas": 70,
    "whistle": 71,
    "whistle_long": 72,
    "guiro": 73,
    "guiro_long": 74,
    "claves": 75,
    "block": 76,
    "block_low": 77,
    "cuica_mute": 78,
    "cuica": 79,
    "triangle_mute": 80,
    "triangle": 81,
    "shaker": 82,
    "jingle": 83,
    "castanets": 85,
    "surdo_mute": 86,
    "surdo": 87,
}
"""Names a groove may use for its lanes, with their General MIDI percussion keys."""


def clean(text: str) -> str:
    """Return a pattern's characters without the marks for the eye."""
    return text.replace(" ", "").replace("|", "")


def check(where: str, text: str, letters: frozenset[str], *, whole_bars: bool = True) -> None:
    """Refuse a pattern with an unknown letter or a broken bar.

    Raises
    ------
    ValueError : naming the pattern and what is wrong with it.
    """
    steps = clean(text)
    odd = sorted(set(steps) - letters)
    if odd:
        raise ValueError(f"{where} pattern {text!r} has {''.join(odd)!r}; allowed are {''.join(sorted(letters))!r}")
    if whole_bars and steps and len(steps) % 16 and len(steps) % 12:
        raise ValueError(f"{where} pattern {text!r} has {len(steps)} steps; a bar has 16 (4/4) or 12 (3/4, 6/8)")


def check_lanes(lanes: dict[str, str], *, whole_bars: bool = True) -> None:
    """Refuse an unknown drum, or a drum's broken pattern.

    Raises
    ------
    ValueError : naming the drum.
    """
    for lane, steps in lanes.items():
        if lane not in DRUM_KEYS:
            raise ValueError(f"no drum is called {lane!r}; drums are {', '.join(DRUM_KEYS)}")
        check(lane, steps, DRUM_LETTERS, whole_bars=whole_bars)


def density(text: str, letters: str = "") -> float:
    """Return the strokes a bar of a pattern, counting only ``letters`` (all but rests and ties when empty)."""
    steps = clean(text)
    hits = sum(c in letters if letters else c not in ".=~" for c in steps)
    return hits * bar_unit(steps) / max(1, len(steps))


def bar_unit(steps: str) -> int:
    """Return the sixteenths of a bar in a pattern: 16 where it divides by that, else 12."""
    return 16 if len(steps) % 16 == 0 else 12


def steps_of(text: str, bar_steps: int, place: int) -> str:
    """Return the characters of a pattern for one bar.

    Parameters
    ----------
    text : a pattern as written.
    bar_steps : length of the bar in sixteenths.
    place : number of the bar in its section; chooses the bar of a pattern of several bars.

    Returns
    -------
    ``bar_steps`` characters. A pattern shorter than the bar starts again, a longer one is cut.
    """
    steps = clean(text)
    if not steps:
        return "." * bar_steps
    unit = bar_unit(steps)
    bars = len(steps) // unit
    chosen = steps[unit * (place % bars) :][:unit]
    return (chosen * (bar_steps // unit + 1))[:bar_steps]
