"""What each request comes to: its kind, the clips it starts from, and an order for each clip it makes.

Every function here looks its clips up in the caller's transaction and raises NotFound or Invalid when they cannot be
worked with; nothing is written.
"""

from msgspec.structs import replace

from descant.engines import stems
from descant.service import requests
from descant.service.clips import access
from descant.service.errors import Invalid
from descant.service.personas import personas
from descant.service.requests import (
    ConcatMusic,
    CoverMusic,
    CoverUpload,
    CreateMusic,
    ExtendMusic,
    ExtendUpload,
    MashUp,
    PersonaMusic,
    Plain,
    Remaster,
    ReplaceSection,
    SampleClip,
    SeparateStems,
)
from descant.service.tasks import briefs, chains, recorded
from descant.service.tasks.accepting import Commission, Take
from descant.service.tasks.written import with_wholes, written
from descant.song import orders
from descant.song.orders import Order
from descant.storage import clips, tasks
from descant.storage.database import Transaction
from descant.storage.records import AccountRecord, ClipRecord


def of(tx: Transaction, account: AccountRecord, request: Plain) -> Commission:
    """Return what a request comes to.

    Raises
    ------
    NotFound : when the account has no such clip or persona.
    Invalid : when a clip is not finished, failed, was deleted, is a stem, or does not fit what is asked.
    """
    match request:
        case ExtendUpload() | CoverUpload():
            return recorded.of(tx, account, request)
        case CreateMusic():
            return written("sonic.create_music", request, orders.Create)
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
        case _:
            return recorded.of(tx, account, request)


def model_of(tx: Transaction, song: ClipRecord) -> str:
    """Return the model a clip was asked of; of a recording, which was asked of none, the one with most room."""
    return requests.echo(tasks.requests(tx, [song.task_id])[song.task_id]).mv or briefs.ROOMIEST


def _persona(tx: Transaction, account: AccountRecord, request: PersonaMusic) -> Commission:
    singer = personas.singer(tx, account, request.persona_id)
    return written("sonic.persona_music", request, lambda brief: orders.Create(replace(brief, persona=singer)))


def _extend(tx: Transaction, account: AccountRecord, request: ExtendMusic) -> Commission:
    song = access.song(tx, account, request.continue_clip_id)
    at = access.moment(song, "continue_at", request.continue_at)
    made = written("sonic.extend_music", request, lambda brief: orders.Extend(brief, at), song)
    return with_wholes(made, chains.before(tx, account, song)) if request.auto_concat else made


def _cover(tx: Transaction, account: AccountRecord, request: CoverMusic) -> Commission:
    song = access.song(tx, account, request.continue_clip_id)
    near = recorded.faithfulness(request.audio_weight)
    return written("sonic.cover_music", request, lambda brief: orders.Cover(brief, near), song)


def _sample(tx: Transaction, account: AccountRecord, request: SampleClip) -> Commission:
    song = access.song(tx, account, request.sample_clip_id)
    start = request.chop_sample_start_s or 0.0
    stop = request.chop_sample_end_s
    if stop is None:
        stop = min(start + recorded.SAMPLE_SECONDS, song.duration or 0.0)
    start, stop = access.window(song, ("chop_sample_start_s", start), ("chop_sample_end_s", stop))
    recorded.check_sample(start, stop)
    return written("sonic.sample", request, lambda brief: orders.Sample(brief, start, stop), song)


def _mash_up(tx: Transaction, account: AccountRecord, request: MashUp) -> Commission:
    sung, played = (access.song(tx, account, clip_id) for clip_id in request.mashup_clip_ids)
    if sung.id == played.id:
        raise Invalid("'mashup_clip_ids' names the same clip twice, but must name two clips.")
    return written("sonic.mashup", request, orders.Mashup, sung, played)


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
    if recorded.is_recording(song):
        found = stems.apart(request.full)
    else:
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


def again(song: ClipRecord, order: Order, seed: int) -> Take:
    """Return a take that shows what its source shows."""
    return Take(order=order, seed=seed, title=song.title, tags=song.tags, lyrics=song.lyrics, sources=(song,))
