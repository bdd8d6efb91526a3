"""What the handlers of one application share."""

from typing import Annotated

from fastapi import Depends, Request

from descant.service.house import Service
from descant.settings import Settings


def service_of(request: Request) -> Service:
    """Return the service that answers this application's requests."""
    service: Service = request.app.state.service
    return service


def settings_of(request: Request) -> Settings:
    """Return the settings the application was made with."""
    settings: Settings = request.app.state.settings
    return settings


Rules = Annotated[Service, Depends(service_of)]
"""The business rules, in a handler's signature."""

Configured = Annotated[Settings, Depends(settings_of)]
"""The settings, in a handler's signature."""
