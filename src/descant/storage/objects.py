"""The object store: a local folder, or a bucket of S3, Google Cloud or Azure, behind one small face."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, MemoryStore, from_url

CHUNK = 256 * 1024
"""Bytes handed on at a time when a file is read."""


class MissingObject(KeyError):
    """The store holds nothing under that key."""


@dataclass(frozen=True)
class ObjectInfo:
    """What the store knows of an object: ``size`` in bytes."""

    key: str
    size: int
    modified: datetime


class Objects:
    """The store at a URL: ``file:///folder``, ``memory://``, ``s3://bucket/prefix``, ``gs://…`` or ``az://…``.

    Credentials of buckets come from the environment variables their vendors define. A key is a path with forward
    slashes. A write appears whole or not at all.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._folder: Path | None = None
        self._store: Any
        if parts.scheme == "file":
            self._folder = Path(unquote(parts.path))
            self._store = LocalStore(self._folder, mkdir=True)
        elif parts.scheme == "memory":
            self._store = MemoryStore()
        else:
            self._store = from_url(url)

    def put(self, key: str, source: Path | BinaryIO) -> None:
        """Store the bytes of a file, given its path or opened at its beginning, over what was there."""
        obstore.put(self._store, key, source)

    def write(self, key: str, data: bytes) -> None:
        """Store bytes, over what was there."""
        obstore.put(self._store, key, data)

    def read(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to, not including, ``stop`` (None: the end), a chunk at a time.

        Raises
        ------
        MissingObject : when there is nothing under ``key``.
        """
        stop = self.head(key).size if stop is None else stop
        for left in range(start, stop, CHUNK):
            try:
                yield bytes(obstore.get_range(self._store, key, start=left, end=min(left + CHUNK, stop)))
            except (NotFoundError, FileNotFoundError) as error:
                raise MissingObject(key) from error

    def head(self, key: str) -> ObjectInfo:
        """Return what is known of an object; raise MissingObject when there is none."""
        try:
            meta = obstore.head(self._store, key)
        except (NotFoundError, FileNotFoundError) as error:
            raise MissingObject(key) from error
        return ObjectInfo(key, meta["size"], meta["last_modified"])

    def delete(self, key: str) -> None:
        """Remove an object, if it is there."""
        try:
            obstore.delete(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return

    def list(self, prefix: str) -> tuple[ObjectInfo, ...]:
        """Return the objects under a prefix (whole path segments), by key."""
        found = [
            ObjectInfo(meta["path"], meta["size"], meta["last_modified"])
            for batch in obstore.list(self._store, prefix)
            for meta in batch
        ]
        return tuple(sorted(found, key=lambda info: info.key))

    def path(self, key: str) -> Path | None:
        """Return where an object lies on this machine, or None when the store is not a folder."""
        return None if self._folder is None else self._folder / key

    def check(self) -> None:
        """Raise an exception of the store when it does not answer."""
        next(iter(obstore.list(self._store, "clips", chunk_size=1)), None)
