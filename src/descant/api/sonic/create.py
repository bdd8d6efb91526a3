"""``POST /api/v1/sonic/create``: take in a task (contract/sonic.md §1)."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body, Depends

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.rates import limit_creates
from descant.api.sonic.examples import REQUESTS
from descant.api.sonic.schemas import Created, CreateRequest
from descant.api.sonic.wishes import canonical
from descant.api.state import Rules
from descant.service.requests import (
    AddInstrumental,
    AddVocals,
    ConcatMusic,
    CoverMusic,
    CoverUpload,
    CreateMusic,
    ExtendMusic,
    ExtendUpload,
    PersonaMusic,
    Remaster,
    Request,
)

router = APIRouter(route_class=GuardedRoute, tags=["Songs"], dependencies=[Depends(scheme)])


@router.post(
    "/api/v1/sonic/create",
    summary="Make a song",
    operation_id="create_song",
    response_description="The task is taken in and paid for.",
    dependencies=[Depends(limit_creates)],
    responses=documented(400, 401, 403, 413, 429, 500),
)
def create(
    request: Annotated[CreateRequest, Body(openapi_examples=REQUESTS)], caller: Caller, service: Rules
) -> Created:
    """Take in one task and pay for it; two takes are made of it, and of `concat_music` one.

    The answer holds the `task_id` to poll with `GET /api/v1/sonic/task/{task_id}`. A refused request costs nothing, and
    a song that fails gives its credits back.

    | `task_type` | makes | needs | credits |
    |---|---|---|---|
    | `create_music` | a new song | `custom_mode`, `mv` | 15 |
    | `extend_music` | what follows a clip after `continue_at`; the new clip begins there, or is the whole with `auto_concat` | `continue_clip_id`, `continue_at`, `custom_mode`, `mv` | 15 |
    | `concat_music` | an extension and all it extends, as one song | `continue_clip_id`: the clip that `extend_music` returned | 2 |
    | `cover_music` | a clip in another style; without `prompt` its own words | `continue_clip_id`, `custom_mode`, `mv` | 15 |
    | `persona_music` | a new song, sung by a persona | `persona_id`, `custom_mode`, `mv` | 15 |
    | `remaster` | a clip recorded again | `continue_clip_id`, `mv` | 15 |
    | `extend_upload_music`, `cover_upload_music` | as `extend_music` and `cover_music`, of an uploaded recording only; those take one too | the same | 15 |
    | `add_vocals` | an uploaded recording, untouched, with `prompt` sung over it | `continue_clip_id`, `mv`, `prompt` | 15 |
    | `add_instrumental` | an uploaded recording, untouched, with a band under it | `continue_clip_id`, `mv` | 15 |

    | `custom_mode` | `auto_lyrics` | `make_instrumental` | what is sung |
    |---|---|---|---|
    | `true` | – | `false` | `prompt` is the lyrics |
    | `true` | `true` | `false` | lyrics written from the brief in `prompt` |
    | `true` | – | `true` | nothing; `tags` and `title` lead |
    | `false` | – | any | what `gpt_description_prompt` describes |
    """  # noqa: E501 - a row of a table is one line
    task = service.tasks.create(caller, wanted(request), request.webhook())
    return Created(task_id=task.id)


def wanted(request: CreateRequest) -> Request:
    """Return a checked request as the service takes it."""
    return _WANTED[request.kind](request)


def _extension(kind: type[ExtendMusic]) -> Callable[[CreateRequest], Request]:
    def read(request: CreateRequest) -> Request:
        clip_id, at = request.continue_clip_id or "", request.continue_at or 0.0
        whole = bool(request.auto_concat)
        return kind(**request.wishes(), continue_clip_id=clip_id, continue_at=at, auto_concat=whole)

    return read


def _cover(kind: type[CoverMusic]) -> Callable[[CreateRequest], Request]:
    def read(request: CreateRequest) -> Request:
        clip_id = request.continue_clip_id or ""
        return kind(**request.wishes(), continue_clip_id=clip_id, audio_weight=request.audio_weight)

    return read


def _addition(kind: type[AddVocals] | type[AddInstrumental]) -> Callable[[CreateRequest], Request]:
    """Return what reads a request to add something; a mode need not be named, as there is only one way to add words."""

    def read(request: CreateRequest) -> Request:
        written = request.model_copy(update={"custom_mode": request.custom_mode is not False or kind is AddVocals})
        return kind(
            **written.wishes() | ({} if kind is AddVocals else {"make_instrumental": True, "auto_lyrics": False}),
            continue_clip_id=request.continue_clip_id or "",
            overpainting_start_s=request.overpainting_start_s,
            overpainting_end_s=request.overpainting_end_s,
            audio_weight=request.audio_weight,
        )

    return read


def _remaster(request: CreateRequest) -> Remaster:
    return Remaster(
        continue_clip_id=request.continue_clip_id or "",
        mv=canonical(request.mv or ""),
        variation_category=request.variation_category,
        seed=request.seed,
    )


_WANTED: dict[str, Callable[[CreateRequest], Request]] = {
    "create_music": lambda request: CreateMusic(**request.wishes()),
    "extend_music": _extension(ExtendMusic),
    "cover_music": _cover(CoverMusic),
    "extend_upload_music": _extension(ExtendUpload),
    "cover_upload_music": _cover(CoverUpload),
    "add_vocals": _addition(AddVocals),
    "add_instrumental": _addition(AddInstrumental),
    "concat_music": lambda request: ConcatMusic(continue_clip_id=request.continue_clip_id or ""),
    "persona_music": lambda request: PersonaMusic(**request.wishes(), persona_id=request.persona_id or ""),
    "remaster": _remaster,
}
