"""The processes of the crash test. ``python processes.py server | worker``; settings come from the environment."""

import sys
from pathlib import Path

from descant import settings
from descant.jobs import supervisor
from descant.jobs.isolate import Limits
from descant.service import serving

ENGINES = Path(__file__).parents[1] / "service"
ANSWERING = (sys.executable, "-c", "import time; time.sleep(3600)")
"""Stands for the API, which takes no part."""

PRELOAD = ("descant.service.serving", "descant.jobs.making", "slow_engine")
"""What the children would otherwise each load anew."""


def server() -> None:
    supervisor.LONGEST_DELAY = supervisor.FIRST_DELAY  # what dies here dies on purpose, and may come back at once
    worker = (sys.executable, __file__, "worker")
    sys.exit(serving.run(settings.read(), ANSWERING, worker_command=worker))


def worker() -> None:
    sys.path.insert(0, str(ENGINES))
    serving.work(settings.read(), engine="slow_engine:load", preload=PRELOAD, limits=Limits(nice=0))


if __name__ == "__main__":
    {"server": server, "worker": worker}[sys.argv[1]]()
