"""``/api/v1/sonic/batch``: several create requests at once, and how they all stand (contract/sonic.md §7)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import ApiError, ErrorBody, body, documented, explain, status_in_body
from descant.api.rates import check_rate
from descant.api.sonic.create import wanted
from descant.api.sonic.examples import BATCH
from descant.api.sonic.fields import StrictBody
from descant.api.sonic.schemas import CreateRequest, SongBody
from descant.api.state import Configured, Rules
from descant.service import identifiers
from descant.service.batches.batches import MOST_ITEMS, BatchView, Item, ItemView
from descant.service.clips.body import songs_body
from descant.service.errors import Invalid, ServiceError, TooMany

router = APIRouter(route_class=GuardedRoute, tags=["Songs"], dependencies=[Depends(scheme)])

BATCH_ID = "9d3f8a1c-5b0e-4a6e-8e2f-7c1b2d3e4f50"


class BatchRequest(StrictBody):
    """Create requests, each taken in or refused by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": BATCH}]})

    items: Annotated[
        list[dict[str, Any]],
        Field(
            min_length=1,
            max_length=MOST_ITEMS,
            description="Bodies of `POST /sonic/create`, each with its own `webhook_url` if it has one.",
        ),
    ]


class BatchItemBody(BaseModel):
    """What became of one request."""

    index: int = Field(description="Its place in `items`, from 0.")
    task_id: str | None = Field(description="Null when it was refused.")
    error: ErrorBody | None = Field(description="Why it was refused, as the answer to it alone would have said.")


class BatchCreated(BaseModel):
    """A batch was taken in."""

    code: int = Field(200, examples=[200])
    batch_id: str = Field(examples=[BATCH_ID])
    submitted: int = Field(description="How many requests were taken in.", examples=[2])
    tasks: list[BatchItemBody]
    message: str = Field("success", examples=["success"])


class BatchItemState(BatchItemBody):
    """How one request stands."""

    data: list[SongBody] = Field(description="The task's clips; empty when it was refused.")


class BatchBody(BaseModel):
    """How a batch stands."""

    code: int = Field(200, examples=[200])
    batch_id: str = Field(examples=[BATCH_ID])
    submitted: int
    finished: bool = Field(description="Whether nothing will change any more.")
    tasks: list[BatchItemState]
    message: str = Field("success", examples=["success"])


@router.post(
    "/api/v1/sonic/batch",
    summary="Make several songs",
    operation_id="create_batch",
    response_description="What became of each request.",
    responses=documented(400, 401, 413, 429, 500),
)
def create_batch(request: BatchRequest, raw: Request, caller: Caller, service: Rules) -> BatchCreated:
    """Take in up to 10 create requests, each at its own price.

    Those that are refused (a faulty field, too few credits, too many requests) say so in their `error` and cost
    nothing; the others are taken in all the same. When not even the first may be sent yet, the whole batch answers 429.
    """
    limits = [check_rate(raw) for _ in request.items]
    if limits[0] is not None:
        raise limits[0]
    made = service.batches.create(caller, list(map(_item, request.items, limits)))
    tasks = [BatchItemBody(**_shown(index, item)) for index, item in enumerate(made.items)]
    return BatchCreated(batch_id=made.id, submitted=_submitted(made), tasks=tasks)


@router.get(
    "/api/v1/sonic/batch",
    summary="Watch a batch",
    operation_id="read_batch",
    response_description="The songs of every request, as far as they have come.",
    responses=documented(400, 401, 500),
)
def read_batch(
    caller: Caller,
    service: Rules,
    settings: Configured,
    batch_id: Annotated[str, Query(max_length=identifiers.LONGEST, description="From `POST /sonic/batch`.")],
) -> BatchBody:
    """Return how every request of a batch stands, in the order they were sent; free."""
    found = service.batches.read(caller, batch_id)
    tasks = []
    for index, item in enumerate(found.items):
        clips = () if item.task is None else item.task.clips
        data = songs_body(clips, settings.public_url)
        tasks.append(BatchItemState.model_validate({**_shown(index, item), "data": data}))
    finished = all(item.task is None or item.task.finished for item in found.items)
    return BatchBody(batch_id=found.id, submitted=_submitted(found), finished=finished, tasks=tasks)


def _item(item: dict[str, Any], too_soon: ApiError | None) -> Item | ServiceError:
    """Return one request of a batch as the service takes it, or why it is refused."""
    if too_soon is not None:
        return TooMany(too_soon.message, 0.0)
    try:
        request = CreateRequest.model_validate(item)
    except ValidationError as error:
        return Invalid(explain([{**fault, "loc": ("item", *fault["loc"])} for fault in error.errors()]))
    return Item(wanted(request), request.webhook())


def _shown(index: int, item: ItemView) -> dict[str, Any]:
    refused = body(status_in_body(item.refusal), item.error) if item.task is None else None
    return {"index": index, "task_id": item.task.task.id if item.task else None, "error": refused}


def _submitted(batch: BatchView) -> int:
    return sum(item.task is not None for item in batch.items)
