"""Commissions of songs that are written from wishes: two takes, from two seeds."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from descant.service.requests import (
    AddInstrumental,
    AddVocals,
    CoverMusic,
    CreateMusic,
    ExtendMusic,
    MashUp,
    PersonaMusic,
    SampleClip,
    UploadAndCover,
    UploadAndExtend,
    UploadAndSample,
)
from descant.service.tasks import briefs
from descant.service.tasks.accepting import Commission, Take
from descant.song import orders
from descant.song.brief import Brief
from descant.song.orders import Order
from descant.storage.records import ClipRecord

Written = (
    CreateMusic
    | PersonaMusic
    | ExtendMusic
    | CoverMusic
    | SampleClip
    | MashUp
    | AddVocals
    | AddInstrumental
    | UploadAndExtend
    | UploadAndCover
    | UploadAndSample
)
"""Requests for songs that are written from wishes."""

_KEEP_WORDS = (CoverMusic, MashUp, UploadAndCover, AddVocals)
"""Requests that without words of their own keep those of a source, or have none: theirs are written beforehand."""


def written(kind: str, request: Written, order: Callable[[Brief], Order], *sources: ClipRecord) -> Commission:
    """Return a commission of songs that are written as wished; ``order`` makes an order of a clip's brief."""
    seed = briefs.choose_seed(request.seed)
    made = [briefs.brief(request, each) for each in briefs.take_seeds(seed)]
    if request.auto_lyrics and isinstance(request, _KEEP_WORDS):
        made = [briefs.with_words(each) for each in made]
    takes = tuple(_take(order(brief), brief, sources) for brief in made)
    return Commission(kind=kind, request=request, mv=request.mv, seed=seed, takes=takes)


def with_wholes(commission: Commission, chain: Sequence[ClipRecord]) -> Commission:
    """Return a commission of extensions with each of them also joined to what it extends, behind it.

    Parameters
    ----------
    chain : the clips that lead to the extensions; none when they extend a recording that is still to be taken in.
    """
    takes: list[Take] = []
    for take in commission.takes:
        known = chain[0] if chain else None
        whole = replace(
            take,
            order=orders.Concat(),
            title=take.title if known is None else known.title,
            tags=take.tags if known is None else known.tags,
            lyrics="" if known is None else known.lyrics,
            sources=tuple(chain),
            after=len(takes),
        )
        takes += [take, whole]
    return replace(commission, takes=tuple(takes))


def _take(order: Order, brief: Brief, sources: tuple[ClipRecord, ...]) -> Take:
    """Return a take that shows what was asked, and where that says nothing what the first source has."""
    known = sources[0] if sources else None
    return Take(
        order=order,
        seed=brief.seed,
        title=brief.title or (known.title if known else ""),
        tags=brief.tags or (known.tags if known else ""),
        lyrics=brief.lyrics,
        sources=sources,
    )
