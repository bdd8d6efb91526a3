"""The use cases of clips: list, read, delete."""

from dataclasses import dataclass

from descant.service.clips import access
from descant.service.errors import Invalid
from descant.service.files.files import object_key
from descant.service.tasks.views import Clip, shown
from descant.storage import clips
from descant.storage.database import Database
from descant.storage.objects import Objects
from descant.storage.records import AccountRecord, now

MOST_LISTED = 100
"""Clips of one page at most."""


@dataclass(frozen=True)
class Page:
    """Some of an account's clips, newest first. ``next`` is the id to ask for the page after with, or None."""

    clips: tuple[Clip, ...]
    next: str | None


class Clips:
    """The use cases of clips."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def list(self, account: AccountRecord, *, size: int, before: str | None = None) -> Page:
        """Return up to ``size`` clips of the account (1 to :data:`MOST_LISTED`), those older than the clip ``before``.

        Clips made while a client pages through do not shift the pages. Raises NotFound for an unknown ``before``.
        """
        with self._database.reading() as tx:
            last = None if before is None else access.owned(tx, account, before)
            found = clips.of_account(tx, account.id, limit=size + 1, before=last)
            page = shown(tx, found[:size])
        return Page(page, page[-1].id if len(found) > size else None)

    def read(self, account: AccountRecord, clip_id: str) -> Clip:
        """Return a clip of the account as it stands; raise NotFound when it has none of that id."""
        with self._database.reading() as tx:
            return shown(tx, (access.owned(tx, account, clip_id),))[0]

    def delete(self, account: AccountRecord, clip_id: str) -> Clip:
        """Delete the files of a clip for good and hide it from lists; its task still shows that it was there.

        Deleting twice changes nothing. Clips made from it stay.

        Raises
        ------
        NotFound : when the account has no such clip. Invalid : when it is still being made.
        """
        with self._database.transaction() as tx:
            clip = access.owned(tx, account, clip_id)
            if not clip.state.finished:
                raise Invalid(f"The clip {clip.id!r} is not finished. Stop its task first.")
            clips.delete_files(tx, clip.id, now())
            left = shown(tx, (access.owned(tx, account, clip_id),))[0]
        for info in self._objects.list(object_key(clip_id, "")):
            self._objects.delete(info.key)
        return left
