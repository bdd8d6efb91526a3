"""What each request comes to: its kind, the clips it starts from, and an order for each clip it makes.

Every function here looks its clips up in the caller's transaction and raises NotFound or Invalid when they cannot be
worked with; nothing is written.
"""

from collections.abc import Callable
from typing import NoReturn

from msgspec.structs import replace

from descant.engines import stems
from descant.service import requests
from descant.service.clips import access
from descant.service.errors import Invalid
from descant.service.personas import personas
from descant.service.requests import (
    ConcatMusic,
    CoverMusic,
    CreateMusic,
    ExtendMusic,
    MashUp,
    PersonaMusic,
    Plain,
    Remaster,
    ReplaceSection,
    SampleClip,
    SeparateStems,
    WorkOnUpload,
)
from descant.service.tasks import briefs, chains
from descant.service.tasks.accepting import Commission, Take
from descant.song import orders
from descant.song.brief import Brief
from descant.song.orders import Order
from descant.storage import clips, tasks
from descant.storage.database import Transaction
from descant.storage.records import AccountRecord, ClipRecord

Written = CreateMusic | PersonaMusic | ExtendMusic | CoverMusic | SampleClip | MashUp
"""Requests for songs that are written from wishes."""

SAMPLE_SECONDS = 30.0
"""How much of a clip is sampled when the request names no end (contract/sonic.md §5)."""


def of(tx: Transaction, account: AccountRecord, request: Plain) -> Commission:
    """Return what a request comes to.

    Raises
    ------
    NotFound : when the account has no such clip or persona.
    Invalid : when a clip is not finished, failed, was deleted, is a stem, or does not fit what is asked.
    """
    match request:
        case CreateMusic():
            return _written("sonic.create_music", request, orders.Create)
        case PersonaMusic():
            return _persona(tx, account, request)
        case ExtendMusic():
            return _extend(tx, account, request)
        case CoverMusic():
            return _cover(tx, account, request)
        case ConcatMusic():
            return _concat(tx, account, request)
        case Remaster():
            return _remaster(tx, account, request)
        case SampleClip():
            return _sample(tx, account, request)
        case MashUp():
            return _mash_up(tx, account, request)
        case ReplaceSection():
            return _replace(tx, account, request)
        case SeparateStems():
            return _separate(tx, account, request)
        case WorkOnUpload():
            return _refuse_upload(tx, account, request)


def model_of(tx: Transaction, song: ClipRecord) -> str:
    """Return the model a clip was asked of."""
    return requests.echo(tasks.requests(tx, [song.task_id])[song.task_id]).mv


def _persona(tx: Transaction, account: AccountRecord, request: PersonaMusic) -> Commission:
    singer = personas.singer(tx, account, request.persona_id)
    return _written("sonic.persona_music", request, lambda brief: orders.Create(replace(brief, persona=singer)))


def _extend(tx: Transaction, account: AccountRecord, request: ExtendMusic) -> Commission:
    song = access.song(tx, account, request.continue_clip_id)
    at = access.moment(song, "continue_at", request.continue_at)
    return _written("sonic.extend_music", request, lambda brief: orders.Extend(brief, at), song)


def _cover(tx: Transaction, account: AccountRecord, request: CoverMusic) -> Commission:
    song = access.song(tx, account, request.continue_clip_id)
    faithfulness = orders.FAITHFULNESS if request.audio_weight is None else request.audio_weight
    return _written("sonic.cover_music", request, lambda brief: orders.Cover(brief, faithfulness), song)


def _sample(tx: Transaction, account: AccountRecord, request: SampleClip) -> Commission:
    song = access.song(tx, account, request.sample_clip_id)
    start = request.chop_sample_start_s or 0.0
    stop = request.chop_sample_end_s
    if stop is None:
        stop = min(start + SAMPLE_SECONDS, song.duration or 0.0)
    start, stop = access.window(song, ("chop_sample_start_s", start), ("chop_sample_end_s", stop))
    if stop - start < orders.SHORTEST_SAMPLE:
        raise Invalid(
            f"The sample from {start:g} to {stop:g} lasts {stop - start:.2f} seconds, but must last at least "
            f"{orders.SHORTEST_SAMPLE:g}; see 'chop_sample_start_s' and 'chop_sample_end_s'."
        )
    return _written("sonic.sample", request, lambda brief: orders.Sample(brief, start, stop), song)


def _mash_up(tx: Transaction, account: AccountRecord, request: MashUp) -> Commission:
    sung, played = (access.song(tx, account, clip_id) for clip_id in request.mashup_clip_ids)
    if sung.id == played.id:
        raise Invalid("'mashup_clip_ids' names the same clip twice, but must name two clips.")
    return _written("sonic.mashup", request, orders.Mashup, sung, played)


def _written(kind: str, request: Written, order: Callable[[Brief], Order], *sources: ClipRecord) -> Commission:
    """Return a commission of songs that are written as wished; ``order`` makes an order of a clip's brief."""
    seed = briefs.choose_seed(request.seed)
    made = [briefs.brief(request, each) for each in briefs.take_seeds(seed)]
    if request.auto_lyrics and isinstance(request, CoverMusic | MashUp):
        # Without words of their own these two keep those of a source, so theirs are written before the song is made.
        made = [briefs.with_words(each) for each in made]
    takes = tuple(_take(order(brief), brief, sources) for brief in made)
    return Commission(kind=kind, request=request, mv=request.mv, seed=seed, takes=takes)


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


def _replace(tx: Transaction, account: AccountRecord, request: ReplaceSection) -> Commission:
    song = access.song(tx, account, request.clip_id)
    start, stop = access.window(
        song, ("infill_start_s", request.infill_start_s), ("infill_end_s", request.infill_end_s)
    )
    mv = request.mv or model_of(tx, song)
    seed = briefs.choose_seed(request.seed)
    made = [briefs.infill(request, mv, each) for each in briefs.take_seeds(seed)]
    takes = tuple(
        Take(
            order=orders.Replace(brief, start, stop),
            seed=brief.seed,
            title=brief.title or song.title,
            tags=song.tags,
            lyrics=brief.lyrics,
            sources=(song,),
        )
        for brief in made
    )
    return Commission(kind="sonic.replace_section", request=request, mv=mv, seed=seed, takes=takes)


def _remaster(tx: Transaction, account: AccountRecord, request: Remaster) -> Commission:
    song = access.song(tx, account, request.continue_clip_id)
    seed = briefs.choose_seed(request.seed)
    variation = request.variation_category or orders.VARIATION
    takes = tuple(
        again(song, orders.Remaster(each, variation, request_seed=seed, take=number), each)
        for number, each in enumerate(briefs.take_seeds(seed))
    )
    return Commission(kind="sonic.remaster", request=request, mv=request.mv, seed=seed, takes=takes)


def _concat(tx: Transaction, account: AccountRecord, request: ConcatMusic) -> Commission:
    chain = chains.chain(tx, account, access.song(tx, account, request.continue_clip_id))
    first, last = chain[0], chain[-1]
    take = Take(
        order=orders.Concat(),
        seed=last.seed,
        title=first.title,
        tags=first.tags,
        lyrics=first.lyrics,
        sources=chain,
    )
    return Commission(kind="sonic.concat_music", request=request, mv=model_of(tx, last), seed=last.seed, takes=(take,))


def _separate(tx: Transaction, account: AccountRecord, request: SeparateStems) -> Commission:
    song = access.song(tx, account, request.clip_id)
    roles = stems.roles_of([file.name for file in clips.files(tx, [song.id])])
    if not roles:
        raise Invalid(f"The clip {song.id!r} has no stems.")
    found = stems.singles(roles) if request.full else stems.halves(roles)
    takes = tuple(_stem(song, order) for order in found)
    kind = "sonic.stems_full" if request.full else "sonic.stems_basic"
    return Commission(kind=kind, request=request, mv=model_of(tx, song), seed=song.seed, takes=takes)


def _stem(song: ClipRecord, order: orders.Extract) -> Take:
    return Take(
        order=order,
        seed=song.seed,
        title=stems.titled(song.title, order),
        tags=song.tags,
        lyrics=song.lyrics,
        sources=(song,),
        stem=order.label,
    )


def _refuse_upload(tx: Transaction, account: AccountRecord, request: WorkOnUpload) -> NoReturn:
    """Refuse a task type that takes uploaded clips: this version has none, so the clip was made here."""
    song = access.owned(tx, account, request.continue_clip_id)
    instead = request.task_type.replace("_upload_", "_")
    hint = f"; use {instead!r} for it" if instead != request.task_type else ""
    raise Invalid(f"{request.task_type!r} takes uploaded clips, and the clip {song.id!r} was made here{hint}.")


def again(song: ClipRecord, order: Order, seed: int) -> Take:
    """Return a take that shows what its source shows."""
    return Take(order=order, seed=seed, title=song.title, tags=song.tags, lyrics=song.lyrics, sources=(song,))
