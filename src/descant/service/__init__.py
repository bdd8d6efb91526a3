"""The business rules, a package a feature: accounts and keys, credits, tasks and clips, files.

Owns who may do what, what it costs, what is given back, and what a task's state means. Must not know HTTP, nor which
engine makes the songs. Queries live in :mod:`descant.storage`, execution in :mod:`descant.jobs`.

Conventions
-----------
Everything here is synchronous and safe to call from several threads. A use case (a public method of
:class:`Accounts`, :class:`Credits`, :class:`Tasks` or :class:`Files`) opens one transaction and closes it; the rules
it calls take the open transaction and never commit. What a user can cause is an exception of
:mod:`descant.service.errors`. Importing this package is cheap; :func:`open` loads the database and the queue.
"""

from typing import TYPE_CHECKING

from descant.settings import Settings

if TYPE_CHECKING:
    from descant.service.house import Service

__all__ = ["migrate", "open"]


def open(settings: Settings) -> "Service":
    """Return the service on the database and the object store of ``settings``.

    A SQLite database is made or brought up to date on the way; a PostgreSQL one must be (:func:`migrate`).

    Raises
    ------
    OutdatedSchema : when a PostgreSQL database has not been migrated to this version.
    Unavailable : when the database or the object store cannot be used.
    """
    from descant.service import house

    return house.open_service(settings)


def migrate(settings: Settings) -> None:
    """Bring the database of ``settings`` to this version; safe to repeat, and to run from several machines."""
    from descant.service import house

    house.migrate(settings)
