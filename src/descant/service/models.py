"""The models a request may name, and what each allows (contract/sonic.md §1.3)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Model:
    """One model.

    Attributes
    ----------
    name : the ``mv`` of requests.
    prompt_limit, tags_limit : longest ``prompt`` and ``tags``, in characters.
    max_seconds : longest song.
    vocal_gender : whether a gender of voice may be asked for.
    """

    name: str
    prompt_limit: int
    tags_limit: int
    max_seconds: float
    vocal_gender: bool


MODELS = {
    model.name: model
    for model in (
        Model("sonic-v3-5", 3_000, 200, 120.0, False),
        Model("sonic-v4", 3_000, 200, 120.0, False),
        Model("sonic-v4-5", 5_000, 1_000, 240.0, True),
        Model("sonic-v4-5-plus", 5_000, 1_000, 240.0, True),
        Model("sonic-v5", 5_000, 1_000, 480.0, True),
    )
}
