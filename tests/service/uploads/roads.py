"""What tests of recordings on their way share."""

import io
import threading

import numpy as np
import soundfile

from descant.service.requests import (
    UploadAndExtend,
    UploadRecording,
)
from descant.service.uploads import places
from descant.service.uploads.intake import Intake
from descant.storage import clips

NEVER = threading.Event()
WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "[Verse]\nla la la"}


def tone(seconds: float = 2.0) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, 0.3 * np.sin(np.arange(round(48_000 * seconds)) / 20), 48_000, format="FLAC")
    return out.getvalue()


def left(shop, door: Intake) -> list[str]:
    """What lies anywhere of recordings under way."""
    stored = [info.key for info in shop.service.objects.list(places.FOLDER)]
    return stored + ([path.name for path in door.folder.iterdir()] if door.folder.exists() else [])


def recording_of(shop, clip_id: str):
    """Return the clip that another waits for."""
    with shop.service.database.reading() as tx:
        return clips.sources(tx, clip_id)[0]


def extend(url: str, at: float = 1.5) -> UploadAndExtend:
    return UploadAndExtend(**WORDS, recording=UploadRecording(url=url, included=True), continue_at=at)
