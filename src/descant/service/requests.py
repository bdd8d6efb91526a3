"""What the API asks for, freed of HTTP. Types and lengths were checked where the request came in."""

from dataclasses import asdict, dataclass
from typing import Literal

import msgspec


@dataclass(frozen=True, kw_only=True)
class CreateMusic:
    """A request for new songs (contract/sonic.md §1.2); the names are the contract's.

    ``custom_mode`` takes ``prompt`` as lyrics, or as a brief to write lyrics from with ``auto_lyrics``; otherwise
    ``gpt_description_prompt`` describes the song. A weight of None was not given. The same ``seed`` and request make
    the same songs; None draws one.
    """

    custom_mode: bool
    mv: str
    prompt: str = ""
    gpt_description_prompt: str = ""
    title: str = ""
    tags: str = ""
    negative_tags: str = ""
    make_instrumental: bool = False
    auto_lyrics: bool = False
    vocal_gender: Literal["f", "m"] | None = None
    style_weight: float | None = None
    weirdness_constraint: float | None = None
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class SeparateStems:
    """A request for the stems of a finished clip; ``mv`` is the model that clip was asked of."""

    clip_id: str
    mv: str


class Echo(msgspec.Struct, frozen=True, kw_only=True):
    """What a clip repeats of the request it was made for, whichever kind that was."""

    mv: str
    gpt_description_prompt: str = ""
    negative_tags: str = ""
    style_weight: float | None = None
    weirdness_constraint: float | None = None


def encode(request: CreateMusic | SeparateStems) -> str:
    """Return the request as JSON, to be kept with its task."""
    return msgspec.json.encode(asdict(request)).decode()


def echo(text: str) -> Echo:
    """Return what is shown of a request, given the JSON of :func:`encode`."""
    return msgspec.json.decode(text, type=Echo)
