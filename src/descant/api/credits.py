"""``GET /api/v1/get-credits``: what an account has left (contract/credits.md)."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.state import Rules

router = APIRouter(route_class=GuardedRoute, tags=["Account"], dependencies=[Depends(scheme)])


class CreditsBody(BaseModel):
    """The bare object of the contract: no `code`, no `message`."""

    credits: int = Field(examples=[120])
    extra_credits: int = Field(examples=[35])


@router.get(
    "/api/v1/get-credits",
    summary="Read the balance",
    operation_id="get_credits",
    response_description="What is left.",
    responses=documented(401, 500),
)
def get_credits(caller: Caller, service: Rules) -> CreditsBody:
    """Return the credits left; free. A song costs 15, and gives them back when it fails."""
    balance = service.credits.balance(caller)
    return CreditsBody(credits=balance.credits, extra_credits=balance.extra_credits)
