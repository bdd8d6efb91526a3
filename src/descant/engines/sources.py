"""Which files of the songs an order starts from an engine needs; light, for those who fetch them."""

from collections.abc import Sequence

from descant.engines import stems
from descant.engines.protocol import RECALL_FILE, SONG_FILE, STEMS_FOLDER, WAV_FILE
from descant.song import orders
from descant.song.orders import Order
from descant.song.score import Role

_PERFORMED = (orders.Cover, orders.Mashup, orders.Remaster)
"""Orders that perform everything anew: they need what was written and how it was mixed, and none of the sound, unless
a recording is mastered anew or is the band of a mashup."""

_RECORDING = stems.stem_file(Role.RECORDING.value)


def needed(order: Order, held: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the files of each source that the engine needs to carry out an order.

    Parameters
    ----------
    held : names of the files that the source has.
    """
    if isinstance(order, orders.Create):
        return ()
    if isinstance(order, orders.Extract):
        return tuple(name for name in stems.needed(order) if name in held)
    wanted = [SONG_FILE, RECALL_FILE]
    performed = isinstance(order, _PERFORMED) and _RECORDING not in held
    if not performed and not isinstance(order, orders.Cover):
        wanted.append(WAV_FILE)
        if not isinstance(order, orders.Mashup):
            wanted += [name for name in held if name.startswith(f"{STEMS_FOLDER}/")]
    return tuple(name for name in wanted if name in held)
