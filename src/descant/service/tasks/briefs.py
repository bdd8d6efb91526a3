"""From a request to the briefs of its clips."""

import secrets

from descant.service.models import MODELS
from descant.service.requests import CreateMusic
from descant.song.brief import Brief
from descant.song.streams import SEED_LIMIT, derive_seed

CLIPS = 2
"""Songs of one create request (contract/README.md §8)."""

DEFAULT_SECONDS = 240.0
"""Longest song of a model that is not in the table."""


def choose_seed(request: CreateMusic) -> int:
    """Return the request's seed, or a new one: 0 ≤ seed < ``SEED_LIMIT``."""
    return secrets.randbelow(SEED_LIMIT) if request.seed is None else request.seed % SEED_LIMIT


def briefs(request: CreateMusic, seed: int) -> tuple[Brief, ...]:
    """Return the brief of each clip: the same wishes, seeds of their own derived from ``seed``."""
    return tuple(_brief(request, derive_seed(seed, f"clip.{position}")) for position in range(CLIPS))


def _brief(request: CreateMusic, seed: int) -> Brief:
    model = MODELS.get(request.mv)
    written = request.custom_mode and not request.auto_lyrics and not request.make_instrumental
    if request.custom_mode:
        description = request.prompt if request.auto_lyrics else ""
    else:
        description = request.gpt_description_prompt
    defaults = Brief(seed=seed)
    return Brief(
        seed=seed,
        lyrics=request.prompt if written else "",
        description=description,
        title=request.title,
        tags=request.tags,
        negative_tags=request.negative_tags,
        instrumental=request.make_instrumental,
        vocal_gender=request.vocal_gender,
        style_weight=defaults.style_weight if request.style_weight is None else request.style_weight,
        weirdness=defaults.weirdness if request.weirdness_constraint is None else request.weirdness_constraint,
        max_seconds=DEFAULT_SECONDS if model is None else model.max_seconds,
        model=request.mv,
    )
