"""Every refusal in one place: how errors become the contract's bodies (contract/errors.md §1–3).

A body is ``{"code": <the HTTP status>, "type": <its kind>, "message": <text>, "error": <the same text>}``: clients read
one key or another, so all are there. Field faults answer 400, never 422.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from descant.service import errors as refusals
from descant.service import identifiers

log = logging.getLogger(__name__)

TYPES = {
    202: "not_ready",
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    416: "range_not_satisfiable",
    429: "too_many_requests",
    500: "api_error",
    503: "unavailable",
    504: "timeout",
}
"""The kind of each status; those the contract leaves open (405, 413, 416, 429, 503) are ours."""

FAULT = "The server made a mistake, which is in its log. Trying again later may help."

UNAVAILABLE = "The database or the object store does not answer. The server's log says more; try again later."

SHOWN = 60
"""Characters of a refused value that its refusal repeats."""


class ErrorBody(BaseModel):
    """The body of every refusal."""

    code: int = Field(description="The HTTP status, again.")
    type: str = Field(description="The kind of error, for programs.")
    message: str = Field(description="What was wrong and what is allowed, for people.")
    error: str = Field(description="The same text as `message`.")


class ApiError(Exception):
    """A refusal with its HTTP status, text and extra headers."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def body(status: int, message: str) -> dict[str, Any]:
    """Return the contract's body of a refusal."""
    return {"code": status, "type": TYPES.get(status, "api_error"), "message": message, "error": message}


def respond(status: int, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the contract's body for a refusal."""
    return JSONResponse(body(status, message), status, headers=dict(headers or {}))


_DOCUMENTED = {
    400: (
        "A field is missing, of the wrong type or outside its limit, or the task does not exist.",
        "'title' is 81 characters long, but may be at most 80.",
    ),
    401: (
        "No `Authorization` header, a malformed one, or a key that is unknown or revoked.",
        "The 'Authorization' header is missing; send 'Authorization: Bearer <API key>'.",
    ),
    403: (
        "Not enough credits, or words that may not be sung.",
        "Not enough credits: this needs 15, and 3 are left. Nothing was charged.",
    ),
    404: ("There is nothing at this address.", "There is no file 'song.mp3'."),
    413: (
        "The body is larger than any request needs to be.",
        "The request body is too large; at most 2,097,152 bytes are read.",
    ),
    429: (
        "Too many create requests; `Retry-After` says after how many seconds to try again.",
        "Too many create requests; try again in 3 seconds.",
    ),
    500: ("A fault of the server. The details are in its log.", FAULT),
    503: ("A part the server needs does not answer.", UNAVAILABLE),
    504: (
        "It took too long; the credits were given back.",
        "The recording could not be taken in within 600 seconds. The credits were given back.",
    ),
}
"""For the reference: when each refusal is met, and one of its texts."""


def documented(
    *statuses: int, besides: Mapping[int, dict[str, Any]] = MappingProxyType({})
) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of the refusals an endpoint may answer with, after those given in ``besides``."""
    answers: dict[int | str, dict[str, Any]] = dict(besides.items())
    for status in statuses:
        description, text = _DOCUMENTED[status]
        example = {"application/json": {"example": body(status, text)}}
        answers[status] = {"model": ErrorBody, "description": description, "content": example}
    return answers


def show(value: object) -> str:
    """Return a refused value as JSON, shortened, for its refusal."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair is a string in JSON, but no text
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def explain(faults: Sequence[Mapping[str, Any]]) -> str:
    """Return one text for all faults pydantic found in a request body."""
    return " ".join(dict.fromkeys(_explain(fault) for fault in faults))


def _explain(fault: Mapping[str, Any]) -> str:
    """Return one sentence for one fault: the field, its value, what is allowed."""
    kind, where = str(fault["type"]), [str(part) for part in fault["loc"][1:]]
    if kind == "json_invalid":
        return f"The request body is not valid JSON: {fault['ctx']['error']} at character {fault['loc'][-1]}."
    if kind == "rule":
        return str(fault["msg"])
    if not where:
        return "The request body must be a JSON object, sent with the header Content-Type: application/json."
    field = f"'{'.'.join(where)}'"
    if kind == "missing":
        return f"{field} is required."
    if kind == "string_too_long":
        return f"{field} is {len(fault['input']):,} characters long, but may be {_allowed(fault)}."
    return f"{field} is {show(fault['input'])}, but must be {_allowed(fault)}."


def _allowed(fault: Mapping[str, Any]) -> str:
    """Return what the field takes, in words."""
    context = fault.get("ctx", {})
    words = {
        "bool_type": "true or false",
        "string_type": "a string",
        "string_unicode": "a string of valid Unicode",
        "int_type": "a whole number",
        "int_parsing": "a whole number",
        "float_type": "a number",
        "finite_number": "a finite number",
        "string_too_long": f"at most {context.get('max_length', 0):,}",
        "greater_than": f"more than {context.get('gt', 0):g}",
        "greater_than_equal": f"at least {context.get('ge', 0):g}",
        "less_than": f"less than {context.get('lt', 0):g}",
        "less_than_equal": f"at most {context.get('le', 0):g}",
        "literal_error": str(context.get("expected", "")),
        "list_type": "a list",
        "dict_type": "a JSON object",
        "model_type": "a JSON object",
        "model_attributes_type": "a JSON object",
        "too_short": f"a list of at least {context.get('min_length', 0)}",
        "too_long": f"a list of at most {context.get('max_length', 0)}",
    }
    message = str(fault["msg"])
    return words.get(str(fault["type"]), message[:1].lower() + message[1:])


def install(app: FastAPI) -> None:
    """Have ``app`` answer every error in the contract's shape."""
    app.add_exception_handler(ApiError, _on_api_error)
    app.add_exception_handler(refusals.ServiceError, _on_service_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_fault)


async def _on_api_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return respond(error.status, error.message, error.headers)


STATUSES: tuple[tuple[type[refusals.ServiceError], int], ...] = (
    (refusals.BadKey, 401),
    (refusals.RevokedKey, 401),
    (refusals.OutOfCredits, 403),  # 403 and not 402: contract/errors.md §1
    (refusals.Refused, 403),
    (refusals.NotFound, 404),
    (refusals.Invalid, 400),
    (refusals.TooMany, 429),
    (refusals.Failed, 500),
    (refusals.Unavailable, 503),
    (refusals.OutdatedSchema, 503),
)
"""The status of each refusal of the service."""

ANSWER_400 = ("task", "batch")
"""What answers 400 when it is unknown, even where its id is in the address."""


def status_in_body(kind: str) -> int:
    """Return the status of a refusal of one of several requests in a body, by the name of its class."""
    if kind == refusals.NotFound.__name__:
        return 400
    return next((status for each, status in STATUSES if each.__name__ == kind), 500)


async def _on_service_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, refusals.ServiceError)
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    in_path = {identifiers.shown(str(value)) for value in request.path_params.values()}
    named = isinstance(error, refusals.NotFound) and error.id in in_path
    if isinstance(error, refusals.NotFound) and (
        error.what in ANSWER_400 or (error.what != "file" and request.method == "POST" and not named)
    ):
        # The vendor's error page answers 400 for an unknown sonic task; only a client's notes speak of 404, and
        # pages outrank clients (contract/README.md §0, contract/errors.md §3). A clip named in a body is a field.
        status = 400
    if status >= 500:
        # The text may hold addresses and queries: it is for the log, and the answer says no more than it must.
        log.error("%s answering %s %s: %s", type(error).__name__, request.method, request.url.path, error)
        return respond(status, UNAVAILABLE if status == 503 else FAULT)
    wait = {"Retry-After": str(ceil(error.seconds))} if isinstance(error, refusals.TooMany) else None
    return respond(status, str(error), wait)


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return respond(400, explain(error.errors()))


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Reword what the framework itself refuses: unknown paths, methods, oversized bodies."""
    assert isinstance(error, HTTPException)
    texts = {
        400: "The request body could not be read as JSON.",  # nested too deeply, or numbers beyond all measure
        404: f"There is nothing at '{request.url.path}'. The reference of all endpoints is at /docs.",
        405: f"'{request.method}' is not a method of '{request.url.path}'.",
        413: "The request body is too large.",
    }
    headers = {"Allow": _methods(request)} if error.status_code == 405 else error.headers
    return respond(error.status_code, texts.get(error.status_code, str(error.detail)), headers)


def _methods(request: Request) -> str:
    """Return the methods of a path, of which the framework names only those of the first handler."""
    routes: Sequence[Route] = request.app.state.routes
    found = (route.methods or set() for route in routes if route.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted(set().union(*found)))


async def _on_fault(request: Request, error: Exception) -> JSONResponse:
    """Answer a fault of ours without its insides; the server logs those, as it sees the error after this answer."""
    return respond(500, FAULT)
