"""The use cases of recordings that someone waits for: begin to take one in, look how it stands, stop waiting."""

from typing import BinaryIO
from uuid import uuid4

from descant.service.errors import Failed, Invalid
from descant.service.requests import UploadRecording
from descant.service.tasks.settling import UNEXPECTED
from descant.service.tasks.tasks import Tasks
from descant.service.uploads import places
from descant.storage.objects import Objects
from descant.storage.records import AccountRecord, State


class Uploads:
    """The use cases of uploads."""

    def __init__(self, objects: Objects, tasks: Tasks) -> None:
        self._objects = objects
        self._tasks = tasks

    def fetch(self, account: AccountRecord, *, url: str, title: str = "", lyrics: str = "", language: str = "") -> str:
        """Begin to take in the recording at a URL; return its task. Raises as :meth:`.tasks.Tasks.create`."""
        request = UploadRecording(url=url, title=title, lyrics=lyrics, language=language)
        return self._tasks.create(account, request).id

    def keep(self, account: AccountRecord, file: BinaryIO, *, title: str, lyrics: str = "", language: str = "") -> str:
        """Begin to take in the recording in a file, opened at its beginning; return its task.

        Raises as :meth:`.tasks.Tasks.create`, with nothing kept.
        """
        clip_id = str(uuid4())
        self._objects.put(places.raw(clip_id), file)
        request = UploadRecording(clip_id=clip_id, title=title, lyrics=lyrics, language=language)
        try:
            return self._tasks.create(account, request).id
        except BaseException:
            self._objects.delete(places.raw(clip_id))
            raise

    def ended(self, account: AccountRecord, task_id: str) -> str | None:
        """Return the clip that a recording became, or None while it is on its way.

        Raises
        ------
        Invalid : when it could not be taken; the text says why.
        Failed : when that is not the recording's fault.
        """
        (clip,) = self._tasks.read(account, task_id).clips
        if clip.state is State.FAILED:
            raise Failed(clip.error) if clip.error == UNEXPECTED else Invalid(clip.error)
        return clip.id if clip.state is State.SUCCEEDED else None

    def abandon(self, account: AccountRecord, task_id: str) -> str | None:
        """Stop taking a recording in, and give its price back; return the clip when it was finished by then."""
        (clip,) = self._tasks.cancel(account, task_id).clips
        return clip.id if clip.state is State.SUCCEEDED else None
