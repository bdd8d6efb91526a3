"""Reads this room's own TOML files, once each."""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=64)
def load(name: str) -> dict[str, Any]:
    """Return the table of a data file, e.g. ``"vocabulary/moods.toml"``. Callers must not change it."""
    return tomllib.loads(files("descant.words").joinpath(name).read_text(encoding="utf-8"))


def names(folder: str) -> tuple[str, ...]:
    """Return the stems of the TOML files in a folder of this room, sorted."""
    entries = files("descant.words").joinpath(folder).iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml")))


def words_of(text: str | Iterable[str]) -> tuple[str, ...]:
    """Return the items of a whitespace-separated string, or of a list as it is."""
    return tuple(text.split()) if isinstance(text, str) else tuple(text)


def phrases_of(text: str) -> tuple[str, ...]:
    """Return the items of a comma- or line-separated string, stripped, without empty ones."""
    return tuple(item.strip() for line in text.splitlines() for item in line.split(",") if item.strip())
