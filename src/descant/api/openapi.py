"""The OpenAPI document, as the program really answers."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi


def install(app: FastAPI, url: str) -> None:
    """Have ``app`` describe itself at /openapi.json, reached at ``url``.

    The framework describes a 422 with a body of its own for every checked request; here such a request is answered
    with 400 (:mod:`descant.api.errors`), so that entry is taken out.
    """

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            document["servers"] = [{"url": url}]
            for methods in document["paths"].values():
                for operation in methods.values():
                    operation["responses"].pop("422", None)
            for name in ("HTTPValidationError", "ValidationError"):
                document["components"]["schemas"].pop(name, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # the way FastAPI documents
