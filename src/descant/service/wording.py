"""Which words are held to what may be sung, and how a refusal of them is told."""

from collections.abc import Iterator

from descant.service.errors import Refused
from descant.service.requests import EditScore, Request
from descant.words import moderation
from descant.words.errors import RefusedTextError

FIELDS = ("prompt", "gpt_description_prompt", "title", "tags", "infill_lyrics", "lyrics")
"""The fields of requests that are sung, that lead what is, or that say what is sung in a recording."""


def check(*texts: str) -> None:
    """Raise Refused when one of the texts may not be made into a song; the refusal says what."""
    for text in texts:
        try:
            moderation.check(text)
        except RefusedTextError as error:
            raise Refused(str(error)) from error


def of_request(request: Request) -> Iterator[str]:
    """Yield the texts of a request that are to be checked."""
    for field in FIELDS:
        yield getattr(request, field, "")
    if isinstance(request, EditScore):
        for edit in request.edits:
            yield edit.lyrics or ""
