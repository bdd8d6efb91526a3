"""A request of each kind that starts from clips, as the tests of operations send them."""

from typing import Any

CREATE = "/api/v1/sonic/create"
WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "[Verse]\nMorning finds the paper drying"}
NOBODY = "00000000-0000-0000-0000-000000000000"
LENGTH = 97.318
"""Seconds of a finished clip of the tests, which clients are told as 97.32."""


def requests_on(clip_id: str, other: str) -> dict[str, tuple[str, dict[str, Any], int]]:
    """A request of each kind that works on ``clip_id``: where it is sent, what, and what it costs."""
    return {
        "extend": (CREATE, {"task_type": "extend_music", "continue_clip_id": clip_id, "continue_at": 60} | WORDS, 15),
        "cover": (CREATE, {"task_type": "cover_music", "continue_clip_id": clip_id} | WORDS, 15),
        "remaster": (CREATE, {"task_type": "remaster", "continue_clip_id": clip_id, "mv": "sonic-v5"}, 15),
        "sample": ("/api/v1/sonic/sample", {"sample_clip_id": clip_id} | WORDS, 15),
        "mashup": ("/api/v1/sonic/mashup", {"mashup_clip_ids": [clip_id, other]} | WORDS, 15),
        "mashup band": ("/api/v1/sonic/mashup", {"mashup_clip_ids": [other, clip_id]} | WORDS, 15),
        "replace": (
            "/api/v1/sonic/replace-section",
            {"clip_id": clip_id, "infill_start_s": 10, "infill_end_s": 20.5, "infill_lyrics": "la", "prompt": "la"},
            15,
        ),
        "edit": (f"/api/v1/clips/{clip_id}/edits", {"edits": [{"section": 0, "chords": "C | G"}]}, 5),
        "stems": ("/api/v1/sonic/stems/basic", {"clip_id": clip_id}, 15),
    }
