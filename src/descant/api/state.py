"""What the handlers of one application share.

The dependencies are coroutines though they wait for nothing: plain functions would each cost a trip to a thread.
"""

from typing import Annotated

from fastapi import Depends, Request

from descant.service.house import Service
from descant.settings import Settings


def service_of(request: Request) -> Service:
    """Return the service that answers this application's requests."""
    service: Service = request.app.state.service
    return service


async def _service(request: Request) -> Service:
    return service_of(request)


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Rules = Annotated[Service, Depends(_service)]
"""The business rules, in a handler's signature."""

Configured = Annotated[Settings, Depends(_settings)]
"""The settings, in a handler's signature."""
