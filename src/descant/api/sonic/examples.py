"""Requests that work as they stand, and what answers them: shown in the reference, sent by the tests."""

from typing import Any

LYRICS = "[Verse]\nPaper boats along the gutter\nRain has washed the names away\n\n[Chorus]\nStay, stay, stay"

CLIP_ID = "0b0e2b0c-7a54-4b1e-9a39-5c1f6f1f2c10"
"""The clip of the examples."""

PERSONA_ID = "3f0f7c52-5c55-4f65-9a6e-6c0a6e0f9b21"
"""The persona of the examples."""

NEW_SONGS: dict[str, Any] = {
    "lyrics": {
        "summary": "Your own lyrics",
        "value": {
            "custom_mode": True,
            "mv": "sonic-v4-5",
            "title": "Paper Boats",
            "tags": "pop, dreamy, emotional, female vocals, 96 bpm",
            "prompt": LYRICS,
        },
    },
    "description": {
        "summary": "A line of description",
        "value": {
            "custom_mode": False,
            "mv": "sonic-v5",
            "gpt_description_prompt": "A warm pop song about the last train home, with a big chorus",
        },
    },
    "auto_lyrics": {
        "summary": "A brief, from which the lyrics are written",
        "value": {
            "custom_mode": True,
            "auto_lyrics": True,
            "mv": "sonic-v5",
            "prompt": "Two friends drive all night to see the sea",
            "tags": "ballad, piano, slow",
        },
    },
    "instrumental": {
        "summary": "No voice",
        "value": {
            "custom_mode": True,
            "make_instrumental": True,
            "mv": "sonic-v4-5-plus",
            "title": "Harbour Lights",
            "tags": "pop, piano, strings, hopeful",
        },
    },
}
"""Requests that work as they stand."""

FROM_CLIPS: dict[str, Any] = {
    "extend": {
        "summary": "What follows a clip",
        "value": {
            "task_type": "extend_music",
            "continue_clip_id": CLIP_ID,
            "continue_at": 61.5,
            "custom_mode": True,
            "mv": "sonic-v5",
            "prompt": "[Verse]\nMorning finds the paper drying\n\n[Chorus]\nStay, stay, stay",
        },
    },
    "concat": {
        "summary": "An extension and what it extends, as one song",
        "value": {"task_type": "concat_music", "continue_clip_id": CLIP_ID},
    },
    "cover": {
        "summary": "A clip in another style",
        "value": {
            "task_type": "cover_music",
            "continue_clip_id": CLIP_ID,
            "custom_mode": True,
            "mv": "sonic-v5",
            "tags": "bossa nova, soft male vocals",
            "audio_weight": 0.7,
        },
    },
    "persona": {
        "summary": "A new song, sung by a persona",
        "value": {
            "task_type": "persona_music",
            "persona_id": PERSONA_ID,
            "custom_mode": True,
            "mv": "sonic-v5",
            "prompt": LYRICS,
        },
    },
    "add_vocals": {
        "summary": "An uploaded recording with singing over it",
        "value": {
            "task_type": "add_vocals",
            "continue_clip_id": CLIP_ID,
            "mv": "sonic-v5",
            "prompt": LYRICS,
            "overpainting_start_s": 8,
        },
    },
    "add_instrumental": {
        "summary": "An uploaded recording with a band under it",
        "value": {"task_type": "add_instrumental", "continue_clip_id": CLIP_ID, "mv": "sonic-v5", "tags": "folk"},
    },
    "remaster": {
        "summary": "A clip recorded again",
        "value": {
            "task_type": "remaster",
            "continue_clip_id": CLIP_ID,
            "mv": "sonic-v5",
            "variation_category": "subtle",
        },
    },
}
"""Requests that work once their clip and their persona are there."""

REQUESTS = NEW_SONGS | FROM_CLIPS
"""One of each kind, for the reference."""

SECOND_CLIP_ID = "d8af9cf5-c8ba-4af9-b93f-4a68666b8f18"
"""Another clip of the examples."""

SAMPLE: dict[str, Any] = {
    "sample_clip_id": CLIP_ID,
    "chop_sample_start_s": 8,
    "chop_sample_end_s": 24,
    "custom_mode": True,
    "mv": "sonic-v5",
    "prompt": LYRICS,
    "tags": "trip hop, slow",
}

MASHUP: dict[str, Any] = {"mashup_clip_ids": [CLIP_ID, SECOND_CLIP_ID], "custom_mode": True, "mv": "sonic-v5"}

REPLACE: dict[str, Any] = {
    "clip_id": CLIP_ID,
    "infill_start_s": 24,
    "infill_end_s": 48,
    "infill_lyrics": "Lanterns lean across the water\nNobody is asked to stay",
}

PERSONA: dict[str, Any] = {
    "name": "Harbour voice",
    "clip_id": CLIP_ID,
    "describe": "Warm, a little tired",
    "styles": "folk, dreamy",
}

UPLOAD: dict[str, Any] = {"url": "https://recordings.example.org/harbour-song.mp3"}

UPLOAD_EXTEND: dict[str, Any] = UPLOAD | {
    "continue_at": 42.5,
    "custom_mode": True,
    "mv": "sonic-v5",
    "prompt": LYRICS,
}

UPLOAD_COVER: dict[str, Any] = UPLOAD | {
    "custom_mode": True,
    "mv": "sonic-v5",
    "tags": "bossa nova, soft male vocals",
    "audio_weight": 0.7,
}

EDITS: dict[str, Any] = {"edits": [{"section": 0, "chords": "C | Am F | G"}]}

BATCH: list[Any] = [NEW_SONGS["lyrics"]["value"], NEW_SONGS["description"]["value"]]
"""What a batch may hold."""

_CLIP = {
    "clip_id": CLIP_ID,
    "state": "succeeded",
    "title": "Paper Boats",
    "tags": "pop, dreamy, emotional, female vocals, 96 bpm",
    "lyrics": LYRICS,
    "image_url": "http://127.0.0.1:8000/media/image_0b0e2b0c-7a54-4b1e-9a39-5c1f6f1f2c10.jpeg",
    "audio_url": "http://127.0.0.1:8000/media/0b0e2b0c-7a54-4b1e-9a39-5c1f6f1f2c10.mp3",
    "video_url": None,
    "created_at": "2026-01-31T18:04:05.678Z",
    "mv": "sonic-v4-5",
    "gpt_description_prompt": None,
    "duration": "97.32",
    "negative_tags": None,
    "style_weight": None,
    "weirdness_constraint": None,
    "error_message": None,
    "progress": 1.0,
    "seed": 863634994,
    "stem": None,
    "stems": ["vocals", "drums", "bass", "keyboard"],
    "empty_stems": ["backing vocals", "guitar", "percussion", "strings", "synth", "fx", "brass", "woodwinds"],
    "recording": False,
    "parent_clip_id": None,
    "joined_at": None,
}
_SECOND: dict[str, Any] = {
    "clip_id": "d8af9cf5-c8ba-4af9-b93f-4a68666b8f18",
    "state": "running",
    "image_url": "",
    "audio_url": "",
    "duration": None,
    "progress": 0.42,
    "stems": [],
    "empty_stems": [],
    "seed": 1416460521,
}

TASK: dict[str, Any] = {"code": 200, "data": [_CLIP, _CLIP | _SECOND], "message": "success"}
"""A task whose first song is finished and whose second is under way."""
