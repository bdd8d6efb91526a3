"""``GET /healthz``: whether the server can do its work, for balancers and people; needs no key."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from descant.api.errors import documented
from descant.api.state import Rules

router = APIRouter(tags=["Server"])


class Health(BaseModel):
    """The database and the object store answer; who works, and how much waits."""

    status: Literal["ok", "no_workers"] = Field(
        description="`no_workers`: requests are taken and kept, but no worker is alive to make the songs."
    )
    workers: int = Field(description="Worker processes heard of in the last seconds.", examples=[3])
    running: int = Field(description="Songs being made.", examples=[2])
    pending: int = Field(description="Songs that wait their turn.", examples=[0])


@router.get(
    "/healthz",
    summary="Ask after the server's health",
    operation_id="get_health",
    response_description="The database and the object store answer.",
    responses=documented(500, 503),
)
def healthz(service: Rules) -> Health:
    """Return 200 when the database and the object store answer, 503 when one does not.

    A server without workers answers 200 too: it takes requests, and keeps them until a worker comes.
    """
    service.healthy()
    found = service.condition()
    status: Literal["ok", "no_workers"] = "ok" if found.workers else "no_workers"
    return Health(status=status, workers=found.workers, running=found.running, pending=found.pending)
