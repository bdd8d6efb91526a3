"""Which of a request's words are held to what may be sung."""

from collections.abc import Iterator

from descant.service.errors import Refused
from descant.service.requests import EditScore, Request
from descant.words import moderation
from descant.words.errors import RefusedTextError

WORDS = ("prompt", "gpt_description_prompt", "title", "tags", "infill_lyrics")
"""The fields of requests that are sung, or that lead what is."""


def check(request: Request) -> None:
    """Raise Refused when something in the request may not be made into a song; the text says what."""
    for text in _texts(request):
        try:
            moderation.check(text)
        except RefusedTextError as error:
            raise Refused(str(error)) from error


def _texts(request: Request) -> Iterator[str]:
    for field in WORDS:
        yield getattr(request, field, "")
    if isinstance(request, EditScore):
        for edit in request.edits:
            yield edit.lyrics or ""
