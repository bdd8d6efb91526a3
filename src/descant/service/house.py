"""Puts the service together from settings."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from descant.jobs import engine
from descant.jobs.engine import Jobs
from descant.net.destinations import Allowed
from descant.service import condition
from descant.service.accounts.accounts import Accounts
from descant.service.analysis.analysis import Analysis
from descant.service.batches.batches import Batches
from descant.service.clips.clips import Clips
from descant.service.clips.projects import Projects
from descant.service.condition import Condition
from descant.service.credits.credits import Credits
from descant.service.errors import OutdatedSchema, Unavailable
from descant.service.exports.exports import Exports
from descant.service.files.files import Files
from descant.service.files.streams import Streams
from descant.service.personas.personas import Personas
from descant.service.tasks.tasks import Tasks
from descant.service.uploads.uploads import Uploads
from descant.service.writing.writing import Writing
from descant.settings import Settings
from descant.storage.database import Database, DatabaseError
from descant.storage.objects import Objects


@dataclass(frozen=True)
class Service:
    """The service's use cases, by feature, on one database, object store and queue."""

    accounts: Accounts
    credits: Credits
    tasks: Tasks
    uploads: Uploads
    clips: Clips
    batches: Batches
    personas: Personas
    analysis: Analysis
    writing: Writing
    projects: Projects
    files: Files
    streams: Streams
    exports: Exports
    database: Database
    objects: Objects
    jobs: Jobs

    def healthy(self) -> None:
        """Raise Unavailable when the database or the object store does not answer."""
        try:
            self.database.check()
        except DatabaseError as error:
            raise Unavailable(str(error)) from error
        try:
            self.objects.check()
        except Exception as error:
            raise Unavailable(f"the object store does not answer: {error}") from error

    def condition(self) -> Condition:
        """Return how many workers are alive and how many clips are under way."""
        return condition.look(self.database)

    def close(self) -> None:
        """Close all connections."""
        self.jobs.close()
        self.database.close()


def open_service(settings: Settings) -> Service:
    """Return the service; see :func:`descant.service.open`."""
    database = open_database(settings)
    objects = open_objects(settings)
    jobs = Jobs(database.url)
    tasks = Tasks(database, objects, jobs, Allowed(settings.outbound_allow))
    return Service(
        accounts=Accounts(database, settings.secret()),
        credits=Credits(database),
        tasks=tasks,
        uploads=Uploads(objects, tasks),
        clips=Clips(database, objects),
        batches=Batches(database, jobs, tasks),
        personas=Personas(database, objects),
        analysis=Analysis(database, objects),
        writing=Writing(database),
        projects=Projects(database, objects),
        files=Files(database, objects, settings.secret()),
        streams=Streams(database, objects),
        exports=Exports(database, jobs),
        database=database,
        objects=objects,
        jobs=jobs,
    )


def open_database(settings: Settings) -> Database:
    """Return the database, made or brought up to date when it is a SQLite file.

    Raises
    ------
    OutdatedSchema : when it is a PostgreSQL database of another version. Unavailable : when it cannot be used.
    """
    try:
        database = Database(settings.database_url)
        if database.sqlite:
            _migrate(settings, database)
        elif not database.up_to_date():
            raise OutdatedSchema
    except OutdatedSchema:
        raise
    except Exception as error:
        raise Unavailable(f"the database cannot be used: {error}") from error
    return database


def open_objects(settings: Settings) -> Objects:
    """Return the object store; raise Unavailable when it cannot be used."""
    try:
        return Objects(settings.objects_url)
    except Exception as error:
        raise Unavailable(f"the object store {settings.objects_url} cannot be used: {error}") from error


def migrate(settings: Settings) -> None:
    """Bring the database to this version; see :func:`descant.service.migrate`."""
    database = Database(settings.database_url)
    try:
        _migrate(settings, database)
    finally:
        database.close()


def _migrate(settings: Settings, database: Database) -> None:
    with _alone(settings):
        if not database.up_to_date():
            database.migrate()
        engine.migrate(database.url)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let the processes of one data folder migrate one after the other."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with (settings.data / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
