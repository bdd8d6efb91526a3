"""Swing: where a notated beat falls when pairs are played long and short, for voices and band alike."""


def swung_beat(beat: float, place: float, unit: float) -> float:
    """Return where a beat falls when the second of each pair of ``unit`` beats sits at ``place`` of the pair.

    What lies between the two of a pair moves in proportion, so that notes keep their order.
    """
    if place == 0.5:
        return beat
    pair = 2 * unit
    base = beat // pair * pair
    inside = beat - base
    if inside < unit:
        return base + inside * 2 * place
    return base + pair * place + (inside - unit) * 2 * (1 - place)
