"""``GET /healthz``: whether the server can do its work, for balancers and people; needs no key."""

from fastapi import APIRouter
from pydantic import BaseModel

from descant.api.errors import documented
from descant.api.state import Rules

router = APIRouter(tags=["Server"])


class Health(BaseModel):
    """Everything answers."""

    status: str = "ok"


@router.get("/healthz", summary="Ask after the server's health", operation_id="get_health", responses=documented(503))
def healthz(service: Rules) -> Health:
    """Return 200 when the database and the object store answer, 503 naming the one that does not."""
    service.healthy()
    return Health()
