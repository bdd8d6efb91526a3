"""The arrows of ARCHITECTURE.md: which room may import which, and which door leads to which library."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "descant"

ROOMS_BELOW = {
    "song": set(),
    "words": {"song"},
    "compose": {"words", "song"},
    "perform": {"words", "song"},
    "mix": {"words", "song"},
    "listen": {"words", "song"},
    "media": {"words", "song"},
    "edit": {"compose", "perform", "mix", "listen", "media", "words", "song"},
    "engines": {"edit", "compose", "perform", "mix", "listen", "media", "words", "song"},
    "storage": {"settings"},
    "net": {"settings"},
    "jobs": {"engines", "song", "storage", "net", "settings"},
    "service": {"jobs", "engines", "words", "song", "storage", "net", "settings"},
    "api": {"service", "settings", "song"},
    "cli": {"api", "service", "jobs", "engines", "song", "settings"},
    "settings": set(),
}
"""The rooms each room may import besides itself."""

DOORS = {
    "dbos": ("jobs",),
    "sqlalchemy": ("storage",),
    "alembic": ("storage",),
    "obstore": ("storage",),
    "fastapi": ("api",),
    "starlette": ("api",),
    "typer": ("cli",),
    "httpx": (),
    "httpcore": ("net",),
    "torch": ("engines",),
    "diffusers": ("engines",),
    "symusic": ("media",),
    "lameenc": ("media",),
    "PIL": ("media",),
    "av": ("media",),
}
"""The rooms in which a third-party library may be imported."""


def _modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide which room is meant"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_rooms_below_its_own(path: Path) -> None:
    room = _room(path)
    if room in {"__init__", "__main__"}:
        return
    imported = {name.split(".")[1] for name in _imports(path) if name.startswith("descant.")}
    imported -= {room, "__version__"}
    assert imported <= ROOMS_BELOW[room], f"{room} must not import {sorted(imported - ROOMS_BELOW[room])}"


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_third_party_engines_have_one_door(path: Path) -> None:
    libraries = {name.split(".")[0] for name in _imports(path)}
    for library, rooms in DOORS.items():
        if library in libraries:
            assert _room(path) in rooms, f"only {' and '.join(rooms)} may import {library}"


def test_every_room_has_its_rules() -> None:
    rooms = {path.name.removesuffix(".py") for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()}
    rooms -= {"__init__", "__main__", "__pycache__", "py.typed"}
    assert rooms <= set(ROOMS_BELOW), f"no import rule for {sorted(rooms - set(ROOMS_BELOW))}"
