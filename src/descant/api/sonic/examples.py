"""Requests that work as they stand, and what answers them: shown in the reference, sent by the tests."""

from typing import Any

LYRICS = "[Verse]\nPaper boats along the gutter\nRain has washed the names away\n\n[Chorus]\nStay, stay, stay"

REQUESTS: dict[str, Any] = {
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
"""Requests that work as they stand, for the reference."""

_CLIP = {
    "clip_id": "0b0e2b0c-7a54-4b1e-9a39-5c1f6f1f2c10",
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
    "parent_clip_id": None,
}
_SECOND = {
    "clip_id": "d8af9cf5-c8ba-4af9-b93f-4a68666b8f18",
    "state": "running",
    "image_url": "",
    "audio_url": "",
    "duration": None,
    "progress": 0.42,
    "seed": 1416460521,
}

TASK: dict[str, Any] = {"code": 200, "data": [_CLIP, _CLIP | _SECOND], "message": "success"}
"""A task whose first song is finished and whose second is under way."""
