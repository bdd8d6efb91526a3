"""From what is wished for to the briefs of clips."""

import secrets

from msgspec.structs import replace

from descant.service.models import MODELS
from descant.service.requests import ReplaceSection, Wishes
from descant.song.brief import Brief
from descant.song.streams import SEED_LIMIT, derive_seed
from descant.words.reading import read

CLIPS = 2
"""Songs of one request that makes songs (contract/README.md §8)."""

ROOMIEST = max(MODELS.values(), key=lambda model: model.max_seconds).name
"""The model with the longest songs."""

DEFAULT_SECONDS = 240.0
"""Longest song of a model that is not in the table."""


def choose_seed(given: int | None) -> int:
    """Return the seed that was given, or a new one: 0 ≤ seed < ``SEED_LIMIT``."""
    return secrets.randbelow(SEED_LIMIT) if given is None else given % SEED_LIMIT


def take_seeds(seed: int) -> tuple[int, ...]:
    """Return the seed of each of a request's :data:`CLIPS`, derived from the request's."""
    return tuple(derive_seed(seed, f"clip.{position}") for position in range(CLIPS))


def brief(wishes: Wishes, seed: int) -> Brief:
    """Return the brief of one clip."""
    written = wishes.custom_mode and not wishes.auto_lyrics and not wishes.make_instrumental
    topic = wishes.prompt if wishes.auto_lyrics else ""
    defaults = Brief(seed=seed)
    return Brief(
        seed=seed,
        lyrics=wishes.prompt if written else "",
        description=topic if wishes.custom_mode else wishes.gpt_description_prompt,
        title=wishes.title,
        tags=wishes.tags,
        negative_tags=wishes.negative_tags,
        instrumental=wishes.make_instrumental,
        vocal_gender=wishes.vocal_gender,
        style_weight=defaults.style_weight if wishes.style_weight is None else wishes.style_weight,
        weirdness=defaults.weirdness if wishes.weirdness_constraint is None else wishes.weirdness_constraint,
        max_seconds=longest(wishes.mv),
        model=wishes.mv,
    )


def with_words(brief: Brief) -> Brief:
    """Return a brief with the words written that its description asks for; as it is where nobody is to sing."""
    reading = read(brief)
    return replace(brief, lyrics=reading.text) if reading.lyrics.sections else brief


def infill(request: ReplaceSection, mv: str, seed: int) -> Brief:
    """Return the brief of one clip with a new section, made by the model ``mv``.

    What the request says of style is left out: the section is in the style of the song around it.
    """
    wishes = Wishes(
        custom_mode=True,
        mv=mv,
        prompt=request.infill_lyrics,
        title=request.title,
        vocal_gender=request.vocal_gender,
    )
    return brief(wishes, seed)


def longest(mv: str) -> float:
    """Return the seconds of the longest song of a model."""
    model = MODELS.get(mv)
    return DEFAULT_SECONDS if model is None else model.max_seconds
