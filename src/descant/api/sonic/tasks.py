"""``/api/v1/sonic/task/{task_id}``: watch a task, or stop it (contract/README.md §3, contract/sonic.md §2)."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import ApiError, documented
from descant.api.sonic.schemas import NotReady, TaskBody
from descant.api.state import Configured, Rules
from descant.service.clips.body import task_body
from descant.service.tasks.views import TaskView

NOT_READY = "The song has not been begun yet; ask again in a few seconds."

VENDOR_SDK_PATH = "/get_music/{task_id}"
"""Where the vendor's own SDK polls, without any prefix (contract/clients.md §4)."""

router = APIRouter(route_class=GuardedRoute, tags=["Songs"], dependencies=[Depends(scheme)])


@router.get(
    "/api/v1/sonic/task/{task_id}",
    summary="Watch a task",
    operation_id="read_task",
    response_description="The songs, as far as they have come.",
    response_model=TaskBody,
    responses=documented(
        400, 401, 500, besides={202: {"model": NotReady, "description": "No worker has begun the task yet."}}
    ),
)
@router.get(VENDOR_SDK_PATH, response_model=TaskBody, include_in_schema=False)
def read(task_id: str, caller: Caller, service: Rules, settings: Configured) -> TaskBody | JSONResponse:
    """Return the task's two songs and how far each has come; free.

    Until a worker has begun the task the answer is 202 with `type` `not_ready`. After that each song has its own
    `state`: `pending`, `running`, `succeeded` or `failed`; the task is done when both are one of the last two.
    """
    view = service.tasks.read(caller, task_id)
    if not view.started:
        return JSONResponse(NotReady(error=NOT_READY, message=NOT_READY).model_dump(), 202)
    return shown(view, settings.public_url)


@router.delete(
    "/api/v1/sonic/task/{task_id}",
    summary="Stop a task",
    operation_id="cancel_task",
    response_description="The songs, as they stand now.",
    responses=documented(400, 401, 500),
)
def cancel(task_id: str, caller: Caller, service: Rules, settings: Configured) -> TaskBody:
    """Stop the songs that are not finished and give the credits back. Not of the original contract.

    Songs that were stopped are `failed` with the reason in `error_message`; stopping a task twice changes nothing.
    """
    return shown(service.tasks.cancel(caller, task_id), settings.public_url)


@router.get("/api/v1/sonic/task", include_in_schema=False)
@router.get("/api/v1/sonic/task/", include_in_schema=False)
@router.delete("/api/v1/sonic/task", include_in_schema=False)
@router.delete("/api/v1/sonic/task/", include_in_schema=False)
def name_the_task() -> None:
    """Refuse a poll that names no task: 400 by contract/errors.md §3, where an unknown path would be 404."""
    raise ApiError(400, "The task id is missing; the address is /api/v1/sonic/task/{task_id}.")


def shown(view: TaskView, base: str) -> TaskBody:
    """Return the body of a task; ``base`` is the public URL that media addresses begin with."""
    return TaskBody(**task_body(view.clips, base))
