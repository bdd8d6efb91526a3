"""Where a recording lies in the object store until its clip has ended, and what the queue calls the wait for it."""

from descant.storage.objects import Objects

FOLDER = "uploads"

_INTAKE = ".intake"


def item(clip_id: str) -> str:
    """Return what the queue calls the work of taking in the recording of a clip; the clip's own name comes later."""
    return clip_id + _INTAKE


def awaited(item_id: str) -> str:
    """Return the clip of an item that :func:`item` named."""
    return item_id.removesuffix(_INTAKE)


def raw(clip_id: str) -> str:
    """Return the key of the file as it was sent."""
    return f"{FOLDER}/{clip_id}.raw"


def clean(clip_id: str) -> str:
    """Return the key of its sound, checked and in one known format."""
    return f"{FOLDER}/{clip_id}.wav"


def clip_of(key: str) -> str:
    """Return the clip that a key of :data:`FOLDER` belongs to."""
    return key.removeprefix(f"{FOLDER}/").partition(".")[0]


def clear(objects: Objects, clip_id: str) -> None:
    """Remove what lies there for a clip."""
    objects.delete(raw(clip_id))
    objects.delete(clean(clip_id))
