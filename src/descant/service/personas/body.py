"""What clients are told of personas: plain dictionaries, ready to become JSON."""

from typing import Any

from descant.service.clips.body import timestamp
from descant.storage.records import PersonaRecord


def persona_body(persona: PersonaRecord) -> dict[str, Any]:
    """Return what is told of a persona."""
    return {
        "persona_id": persona.id,
        "name": persona.name,
        "description": persona.description,
        "styles": persona.styles,
        "clip_id": persona.clip_id,
        "created_at": timestamp(persona.created_at),
    }
