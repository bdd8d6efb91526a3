"""The application: settings in, ASGI out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from descant import __version__, service
from descant.api import clips, credits, docs, edits, errors, health, media, openapi
from descant.api.aliases import Aliases
from descant.api.rates import Rates
from descant.api.sonic import analysis, batch, create, personas, reworking, stems, tasks, uploads, writing
from descant.settings import Settings

FAMILIES = (
    create,
    tasks,
    batch,
    uploads,
    reworking,
    stems,
    analysis,
    personas,
    writing,
    clips,
    edits,
    credits,
    media,
    health,
    docs,
)
"""The modules with endpoints, in the order the reference shows them."""

ABOUT = """
Send lyrics, tags or one line of description; get finished songs back.

Every request but those for media and health carries `Authorization: Bearer <API key>`; `descant keys create` makes a
key. A refusal has the body `{code, type, message, error}`. Making a song takes a while: create it, then poll its task
every few seconds.
"""


def create_app(settings: Settings) -> FastAPI:
    """Return the ASGI application for ``settings``; the service is opened when it starts and closed when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service.open(settings)
        try:
            yield
        finally:
            app.state.service.close()

    app = FastAPI(
        title="Descant",
        version=__version__,
        description=ABOUT.strip(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.rates = Rates(settings.rate_limit)
    errors.install(app)
    openapi.install(app, settings.public_url)
    for family in FAMILIES:
        app.include_router(family.router)
    app.state.routes = [route for family in FAMILIES for route in family.router.routes]
    app.add_middleware(Aliases)
    return app
