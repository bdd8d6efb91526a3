"""What clients are told of clips (contract/sonic.md §2): the same in answers to polls and in webhooks.

Plain dictionaries in the contract's words and order, ready to become JSON.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from descant.engines.stems import empty_roles, roles_of
from descant.service.files.files import VIDEO_FILE
from descant.service.tasks.views import Clip
from descant.storage.records import State

DELETED = "Deleted at your request."


def task_body(clips: Sequence[Clip], base: str) -> dict[str, Any]:
    """Return what is told of a task; ``base`` is the public URL that media addresses begin with."""
    return {"code": 200, "data": songs_body(clips, base), "message": "success"}


def songs_body(clips: Sequence[Clip], base: str) -> list[dict[str, Any]]:
    """Return what is told of a task's songs.

    A whole song that was asked for with what is new in it (``auto_concat``) is told as a pair of both: its own fields,
    and beside them the part under ``extended`` or ``replaced`` and itself under ``full``, null until it is there.
    """
    known = {clip.id: clip for clip in clips}
    parts = {clip.pair[1] for clip in clips if clip.pair is not None and clip.pair[1] != clip.id}
    return [_song_body(clip, known, base) for clip in clips if clip.id not in parts]


def _song_body(clip: Clip, known: Mapping[str, Clip], base: str) -> dict[str, Any]:
    body = clip_body(clip, base)
    if clip.pair is None:
        return body
    name, part = clip.pair
    return {**body, name: clip_body(known[part], base), "full": body if clip.state is State.SUCCEEDED else None}


def clip_body(clip: Clip, base: str) -> dict[str, Any]:
    """Return what is told of a clip."""
    done = clip.state is State.SUCCEEDED and not clip.deleted
    return {
        "clip_id": clip.id,
        "state": clip.state.value,
        "title": clip.title,
        "tags": clip.tags,
        "lyrics": clip.lyrics,
        "image_url": image_url(base, clip.id) if done else "",
        "audio_url": audio_url(base, clip.id) if done or clip.streaming else "",
        "video_url": video_url(base, clip.id) if done and VIDEO_FILE in clip.files else None,
        "created_at": timestamp(clip.created_at),
        "mv": clip.mv,
        "gpt_description_prompt": clip.description or None,
        "duration": None if clip.duration is None else f"{clip.duration:.2f}",
        "negative_tags": clip.negative_tags or None,
        "style_weight": clip.style_weight,
        "weirdness_constraint": clip.weirdness,
        "error_message": DELETED if clip.deleted else clip.error or None,
        "progress": round(clip.progress, 3),
        "seed": clip.seed,
        "stem": clip.stem or None,
        "stems": list(roles_of(clip.files)) if done else [],
        "empty_stems": list(empty_roles(clip.files)) if done and not clip.recording and roles_of(clip.files) else [],
        "recording": clip.recording,
        "parent_clip_id": clip.parent_id,
        "joined_at": clip.joined_at,
    }


def audio_url(base: str, clip_id: str) -> str:
    """Return the address of a clip's MP3 under the public URL ``base``."""
    return f"{base}/media/{clip_id}.mp3"


def video_url(base: str, clip_id: str) -> str:
    """Return the address of a clip's video under the public URL ``base``."""
    return f"{base}/media/{clip_id}.mp4"


def image_url(base: str, clip_id: str) -> str:
    """Return the address of a clip's cover under the public URL ``base``."""
    return f"{base}/media/image_{clip_id}.jpeg"


def timestamp(moment: datetime) -> str:
    """Return an aware time as the contract writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
