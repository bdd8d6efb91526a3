"""The processes of the service: one that answers, some that make songs, one that watches over them."""

import fcntl
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from descant.jobs import supervisor
from descant.jobs.isolate import Limits
from descant.jobs.supervisor import Program
from descant.service.errors import Unavailable
from descant.settings import Settings

if TYPE_CHECKING:
    from descant.jobs.engine import Trade
    from descant.service.tasks.making import Workshop

WARM = ("descant.jobs.warm",)
"""What is loaded beforehand for the default engine."""


WORKER = (sys.executable, "-m", "descant.service")
"""The command of a worker process."""


def run(
    settings: Settings, api: Sequence[str] | None, workers: int | None = None, worker_command: Sequence[str] = WORKER
) -> int:
    """Run the API's command and the workers until SIGINT or SIGTERM; call it from the main thread.

    Parameters
    ----------
    api : the command that answers HTTP, or None to run workers alone.
    workers : how many; None for the settings' number.
    worker_command : what to start for each.

    Returns
    -------
    The exit code: 0 after a stop that was asked for, otherwise that of an API that could not start.

    Raises
    ------
    Unavailable : with ``api`` when another server runs on this data folder; without it when the database cannot be
        used, which the API would otherwise have said.
    """
    environment = settings.environment()
    count = settings.workers if workers is None else workers
    programs = [Program(f"worker {number + 1}", worker_command, environment) for number in range(count)]
    if api is None:
        from descant.service import house  # the libraries below it cost a second, so only where they are used

        house.open_database(settings).close()
        return supervisor.supervise(programs)
    with _only_server(settings):
        return supervisor.supervise([Program("API", api, environment, vital=True), *programs])


def work(
    settings: Settings,
    *,
    engine: str | None = None,
    preload: Sequence[str] = WARM,
    limits: Limits | None = None,
) -> None:
    """Be a worker until SIGTERM or SIGINT, then end the process. Call it from the main thread; it does not return.

    Parameters
    ----------
    engine : import path of the engine's loader; None for the score engine.
    preload : modules to load where the child processes are forked.
    limits : of one song; None for the usual.
    """
    from descant.jobs import making, worker
    from descant.jobs.engine import Jobs
    from descant.jobs.slots import Slot
    from descant.service import house
    from descant.service.tasks.making import Workshop

    database = house.open_database(settings)
    jobs = Jobs(database.url)
    slot = Slot(settings.data / "run")
    workshop = Workshop(
        database=database,
        objects=house.open_objects(settings),
        jobs=jobs,
        folder=settings.data / "work",
        worker=slot.executor_id,
        engine=engine or making.SCORE_ENGINE,
        limits=limits or Limits(),
    )
    workshop.sweep()
    duty = worker.Duty(
        executor_id=slot.executor_id,
        trades=_trades(settings, workshop),
        account_limit=settings.account_concurrency,
        preload=preload,
    )
    logging.getLogger(__name__).info("worker %s starts", slot.executor_id)
    worker.run(database, jobs, duty)


def _trades(settings: Settings, workshop: "Workshop") -> "dict[str, Trade]":
    """Return what a worker does with the items of each queue, songs by ``workshop``."""
    from descant.jobs.engine import CPU_QUEUE, EXPORT_QUEUE, INTAKE_QUEUE, NETWORK_QUEUE, Trade
    from descant.net.outbound import Outbound
    from descant.service.exports.exporting import Exporter
    from descant.service.uploads import intake
    from descant.service.webhooks import delivering, message

    exporter = Exporter(
        database=workshop.database,
        objects=workshop.objects,
        folder=settings.data / "exports" / workshop.worker,
        limits=workshop.limits,
    )
    exporter.sweep()
    outbound = Outbound(settings.outbound_allow)
    doorkeeper = intake.Intake(
        database=workshop.database,
        objects=workshop.objects,
        jobs=workshop.jobs,
        outbound=outbound,
        folder=settings.data / "intake" / workshop.worker,
        most_bytes=settings.upload_megabytes * 1_000_000,
        fetch_seconds=settings.upload_fetch_seconds,
        most_seconds=settings.upload_seconds,
    )
    doorkeeper.sweep()
    postman = delivering.Postman(
        database=workshop.database,
        jobs=workshop.jobs,
        outbound=outbound,
        secret=message.server_secret(settings.secret()),
        public_url=settings.public_url,
    )
    return {
        CPU_QUEUE: Trade(workshop.make, workshop.give_up),
        EXPORT_QUEUE: Trade(exporter.make, exporter.give_up),
        INTAKE_QUEUE: Trade(doorkeeper.take_in, doorkeeper.give_up, intake.AT_ONCE),
        NETWORK_QUEUE: Trade(postman.deliver, postman.give_up, delivering.AT_ONCE),
    }


@contextmanager
def _only_server(settings: Settings) -> Iterator[None]:
    settings.data.mkdir(parents=True, exist_ok=True)
    with (settings.data / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(f"another server is running on {settings.data}; stop it, or set DESCANT_DATA") from None
        yield
