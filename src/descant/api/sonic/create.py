"""``POST /api/v1/sonic/create``: take in a song to be made (contract/sonic.md §1)."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.rates import limit_creates
from descant.api.sonic.examples import REQUESTS
from descant.api.sonic.schemas import ALIASES, Created, CreateRequest
from descant.api.state import Rules
from descant.service.models import MODELS
from descant.service.requests import CreateMusic
from descant.service.webhooks.webhooks import Webhook

router = APIRouter(route_class=GuardedRoute, tags=["Songs"], dependencies=[Depends(scheme)])


@router.post(
    "/api/v1/sonic/create",
    summary="Make a song",
    operation_id="create_song",
    response_description="The song is taken in and paid for.",
    dependencies=[Depends(limit_creates)],
    responses=documented(400, 401, 403, 413, 429, 500),
)
def create(
    request: Annotated[CreateRequest, Body(openapi_examples=REQUESTS)], caller: Caller, service: Rules
) -> Created:
    """Take in one song and pay for it; two takes of it are made.

    The answer holds the `task_id` to poll with `GET /api/v1/sonic/task/{task_id}`. A refused request costs nothing, and
    a song that fails gives its credits back.

    | `custom_mode` | `auto_lyrics` | `make_instrumental` | what is sung |
    |---|---|---|---|
    | `true` | – | `false` | `prompt` is the lyrics |
    | `true` | `true` | `false` | lyrics written from the brief in `prompt` |
    | `true` | – | `true` | nothing; `tags` and `title` lead |
    | `false` | – | any | what `gpt_description_prompt` describes |
    """
    task = service.tasks.create(caller, wanted(request), webhook(request))
    return Created(task_id=task.id)


def webhook(request: CreateRequest) -> Webhook | None:
    """Return whom to tell when the songs are finished, if anyone is named."""
    return Webhook(request.webhook_url, request.webhook_secret or "") if request.webhook_url else None


def wanted(request: CreateRequest) -> CreateMusic:
    """Return a checked request as the service takes it: canonical model name, nothing left None that has a default."""
    mv = ALIASES.get(request.mv, request.mv)
    return CreateMusic(
        custom_mode=request.custom_mode,
        mv=mv,
        prompt=request.prompt or "",
        gpt_description_prompt=request.gpt_description_prompt or "",
        title=request.title or "",
        tags=request.tags or "",
        negative_tags=request.negative_tags or "",
        make_instrumental=bool(request.make_instrumental),
        # Description mode writes its lyrics anyway, and an instrumental has none to write.
        auto_lyrics=bool(request.auto_lyrics and request.custom_mode and not request.make_instrumental),
        vocal_gender=request.vocal_gender if MODELS[mv].vocal_gender else None,
        style_weight=request.style_weight,
        weirdness_constraint=request.weirdness_constraint,
        seed=request.seed,
    )
