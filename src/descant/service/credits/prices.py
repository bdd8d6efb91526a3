"""What each operation costs, in credits.

The values are those of January 2026 (contract/README.md §8). ``sonic.edit_score`` is ours: one clip, most of which is
kept as it was; ``sonic.upload_included`` a recording that comes with what is made from it, and is paid with that.
"""

PRICES = {
    "sonic.create_music": 15,
    "sonic.extend_music": 15,
    "sonic.cover_music": 15,
    "sonic.persona_music": 15,
    "sonic.extend_upload_music": 15,
    "sonic.cover_upload_music": 15,
    "sonic.remaster": 15,
    "sonic.add_instrumental": 15,
    "sonic.add_vocals": 15,
    "sonic.concat_music": 2,
    "sonic.upload_extend": 15,
    "sonic.upload_cover": 15,
    "sonic.sample": 15,
    "sonic.mashup": 15,
    "sonic.replace_section": 15,
    "sonic.edit_score": 5,
    "sonic.upload": 2,
    "sonic.upload_included": 0,
    "sonic.persona": 1,
    "sonic.stems_basic": 15,
    "sonic.stems_full": 75,
    "sonic.wav": 1,
    "sonic.bpm": 1,
    "sonic.vox": 1,
    "sonic.download": 2,
    "sonic.midi": 1,
    "sonic.upsample_tags": 1,
    "sonic.aligned_lyrics": 1,
    "sonic.lyrics": 0,
    "producer.create": 12,
    "producer.upload": 2,
    "producer.download": 2,
    "nuro.create": 10,
    "riffusion.create": 12,
    "studio.create": 15,
}
"""Operation ("family.what it does") → price of one call."""


def price(operation: str) -> int:
    """Return the price of an operation; raise KeyError for one that has none."""
    return PRICES[operation]


def refund(price: int, clips: int, failed: int) -> int:
    """Return what is given back of ``price`` when ``failed`` of a task's ``clips`` came to nothing.

    All of it when nothing was made, otherwise the failed share rounded down.
    """
    return price * failed // clips
