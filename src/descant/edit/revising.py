"""One door to every edit: an order and the songs it starts from become a revision."""

from collections.abc import Sequence

from descant.edit.covering import cover
from descant.edit.extending import extend
from descant.edit.joining import join
from descant.edit.mashing import mashup
from descant.edit.overlaying import add_instrumental, add_vocals
from descant.edit.remastering import remaster
from descant.edit.replacing import replace
from descant.edit.rescoring import rescore
from descant.edit.revision import CannotEdit, Revision
from descant.edit.sampling import sample
from descant.song.document import Song
from descant.song.orders import (
    AddInstrumental,
    AddVocals,
    Concat,
    Cover,
    Extend,
    Mashup,
    Order,
    Remaster,
    Replace,
    Rescore,
    Sample,
)
from descant.song.voices import VoiceProfile


def revise(order: Order, sources: Sequence[Song], voices: Sequence[VoiceProfile]) -> Revision:
    """Return what an order makes of its sources.

    Parameters
    ----------
    sources : the songs the order starts from, as its class names them.
    voices : the singers at hand.

    Raises
    ------
    CannotEdit : when the edit cannot be made of these songs.
    """
    if not sources:
        raise CannotEdit("there is no song to edit")
    match order:
        case Extend():
            return extend(order, sources[0], voices)
        case Concat():
            return join(sources)
        case Cover():
            return cover(order, sources, voices)
        case Remaster():
            return remaster(order, sources, voices)
        case Mashup():
            return mashup(order, sources, voices)
        case Sample():
            return sample(order, sources, voices)
        case Replace():
            return replace(order, sources[0], voices)
        case Rescore():
            return rescore(order, sources[0])
        case AddVocals():
            return add_vocals(order, sources[0], voices)
        case AddInstrumental():
            return add_instrumental(order, sources[0])
        case _:
            raise CannotEdit(f"{type(order).__name__.lower()} is no edit of a written song")
