"""The task types of ``POST /sonic/create`` (contract/sonic.md §1.1): what each needs."""

from collections.abc import Callable
from dataclasses import dataclass

from descant.api.sonic.wishes import WishBody, need_brief, need_words


@dataclass(frozen=True)
class Kind:
    """A task type: the fields it cannot do without, and the check of the words it is to sing, if it sings any."""

    needs: tuple[str, ...]
    words: Callable[[WishBody], None] | None = None


_WRITTEN = ("custom_mode", "mv")

KINDS = {
    "create_music": Kind(_WRITTEN, need_words),
    "extend_music": Kind(("continue_clip_id", "continue_at", *_WRITTEN), need_words),
    # A cover without a prompt keeps the words of its source.
    "cover_music": Kind(("continue_clip_id", *_WRITTEN), need_brief),
    "concat_music": Kind(("continue_clip_id",)),
    "persona_music": Kind(("persona_id", *_WRITTEN), need_words),
    "remaster": Kind(("continue_clip_id", "mv")),
    "add_instrumental": Kind(("continue_clip_id", "mv")),
    "add_vocals": Kind(("continue_clip_id", "mv", "prompt")),
    "extend_upload_music": Kind(("continue_clip_id", "continue_at", *_WRITTEN), need_words),
    "cover_upload_music": Kind(("continue_clip_id", *_WRITTEN), need_brief),
}
"""Task types by name."""

DEFAULT = "create_music"
"""What a request without a task type is."""
