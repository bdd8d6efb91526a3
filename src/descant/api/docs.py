"""``GET /docs``: a reference page drawn from ``/openapi.json`` in the browser, with nothing from any other host."""

from importlib.resources import files

from fastapi import APIRouter, Response

from descant.api.errors import ApiError

TYPES = {"css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8"}

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data: 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The browser itself refuses whatever would come from elsewhere."""

router = APIRouter(include_in_schema=False)


@router.get("/docs")
@router.get("/")
def page() -> Response:
    """Return the reference page."""
    return _asset("index.html")


@router.get("/docs/{name}")
def asset(name: str) -> Response:
    """Return the page's style or script."""
    if name not in ("reference.css", "reference.js"):
        raise ApiError(404, f"There is nothing at '/docs/{name}'.")
    return _asset(name)


def _asset(name: str) -> Response:
    content = files("descant.api").joinpath("reference", name).read_bytes()
    headers = {
        "Content-Type": TYPES[name.rpartition(".")[2]],
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers)
