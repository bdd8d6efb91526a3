"""Songs and recordings by the real engine, while workers and servers are killed: ``python -m benchmarks.crash``.

Ten songs are asked for and four recordings sent in over the service, as the API does; at a random moment of the making,
of the taking in or of the listening a worker, or now and then the whole server, is killed with SIGKILL. Prints what
became of the songs, the charges and the files; the exit code is 1 when a song is missing, anything was made or charged
twice, or something of a recording was left on its way.
"""

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from descant import service, settings
from descant.service.house import Service
from descant.service.requests import CreateMusic
from descant.service.tasks.views import TaskView
from descant.service.uploads import places
from descant.storage import credits, workers
from descant.storage.records import AccountRecord, State, now

KILLS = 10
RECORDINGS = 4
RECORDED_SECONDS = 60.0
LONGEST_LISTENING = 8.0
"""Seconds after a recording was sent within which the kill comes."""

PATIENCE = 900.0
LONGEST_WAIT = 12.0
"""Seconds after a song's beginning within which the kill comes."""

LYRICS = """[Verse]
Paper boats along the gutter
Rain has washed the names away
Every window holds a candle
Every candle holds a day

[Chorus]
Stay until the morning
Stay until the light
Stay until the river
Carries off the night"""

SERVER = """
import sys
from descant import settings
from descant.service import serving
waiting = (sys.executable, "-c", "import time; time.sleep(36000)")
sys.exit(serving.run(settings.read(), waiting))
"""


def start(chosen: settings.Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SERVER], env={**os.environ, **chosen.environment()})


def living(rules: Service) -> list[int]:
    with rules.database.reading() as tx:
        known = workers.alive(tx, now().replace(year=2000))
    return [worker.pid for worker in known if Path(f"/proc/{worker.pid}/exe").exists()]


def begun(rules: Service, account: AccountRecord, task: str) -> bool:
    return bool(living(rules)) and any(
        clip.progress > 0 or clip.state.finished for clip in rules.tasks.read(account, task).clips
    )


def wait(question: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not question():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not happen within {PATIENCE:.0f} s")
        time.sleep(0.1)


def recording() -> bytes:
    """Return a FLAC file of an arpeggio over clicks at 100 bpm."""
    time_s = np.arange(round(RECORDED_SECONDS * 48_000)) / 48_000
    step, since = np.floor(time_s / 0.3).astype(int), time_s % 0.3
    hertz = 220.0 * 2 ** (np.array([0, 4, 7, 12, 7, 4, 5, 9])[step % 8] / 12)
    sound = 0.3 * np.sin(2 * np.pi * hertz * since) * np.exp(-6 * since) + 0.4 * (since < 0.004) * (step % 2 == 0)
    out = io.BytesIO()
    soundfile.write(out, sound, 48_000, format="FLAC")
    return out.getvalue()


@dataclass(frozen=True)
class Kills:
    """Work that is asked for and killed: ``count`` times, at moments drawn from ``seed``.

    Attributes
    ----------
    what : what is made, for the words printed.
    ask : asks for number so and so and returns its task.
    under_way : whether a task has come to where the kill may fall, ``longest`` seconds later at most.
    servers : the numbers at which the whole server is killed, and not a worker.
    """

    what: str
    count: int
    seed: int
    ask: Callable[[int], str]
    under_way: Callable[[str], bool]
    longest: float
    servers: range


def kill(rules: Service, account: AccountRecord, chosen: settings.Settings, planned: Kills) -> list[str]:
    """Have things made and kill who makes them; return their tasks when all have ended."""
    moments, server, tasks = random.Random(planned.seed), start(chosen), []
    try:
        for number in range(planned.count):
            wait(lambda: living(rules), "the return of a worker")
            tasks.append(planned.ask(number))
            wait(lambda task=tasks[-1]: planned.under_way(task), f"the beginning of a {planned.what}")
            time.sleep(moments.uniform(0.0, planned.longest))
            if number in planned.servers:
                server.kill()
                server.wait()
                server = start(chosen)
                print(f"{planned.what} {number + 1:2}: the server killed", flush=True)
            else:
                wait(lambda: living(rules), "the return of a worker")
                os.kill(moments.choice(living(rules)), signal.SIGKILL)
                print(f"{planned.what} {number + 1:2}: a worker killed", flush=True)
        wait(
            lambda: all(rules.tasks.read(account, task).finished for task in tasks), f"the end of every {planned.what}"
        )
    finally:
        server.terminate()
        server.wait()
    return tasks


def recordings(rules: Service, account: AccountRecord) -> Kills:
    """Return the plan for recordings, killed while they are taken in or listened to."""

    def ask(number: int) -> str:
        return rules.uploads.keep(account, io.BytesIO(recording()), title=f"Recording {number + 1}")

    servers = range(1, RECORDINGS, 2)
    return Kills("recording", RECORDINGS, 2, ask, lambda _: True, LONGEST_LISTENING, servers)


def songs(rules: Service, account: AccountRecord) -> Kills:
    """Return the plan for songs, killed while they are made."""

    def ask(number: int) -> str:
        request = CreateMusic(custom_mode=True, mv="sonic-v4-5", prompt=LYRICS, tags="pop, dreamy", seed=number)
        return rules.tasks.create(account, request).id

    def under_way(task: str) -> bool:
        return begun(rules, account, task)

    return Kills("song", KILLS, 1, ask, under_way, LONGEST_WAIT, range(1, KILLS, 4))


def judge(rules: Service, account: AccountRecord, views: list[TaskView]) -> bool:
    """Print what came of it; return whether all is as it should be."""
    whole = [view for view in views if all(clip.state is State.SUCCEEDED and clip.files for clip in view.clips)]
    with rules.database.reading() as tx:
        charges = [entry.task_id for entry in credits.entries(tx, account.id) if entry.reason == "charge"]
        refunds = [entry for entry in credits.entries(tx, account.id) if entry.reason == "refund"]
        wrong = credits.disagreements(tx)
    stored = {info.key for info in rules.objects.list("clips")}
    known = {f"clips/{clip.id}/{name}" for view in views for clip in view.clips for name in clip.files}
    print(f"songs finished: {len(whole)} of {len(views)} ({sum(len(view.clips) for view in whole)} clips)")
    print(f"charges: {len(charges)}, twice: {len(charges) - len(set(charges))}, refunds: {len(refunds)}")
    print(f"files: {len(known)}, missing: {len(known - stored)}, left over: {len(stored - known)}")
    waiting = [info.key for info in rules.objects.list(places.FOLDER)]
    print(f"recordings left on their way: {len(waiting)}")
    asked = KILLS + RECORDINGS
    once = len(whole) == len(set(charges)) == len(charges) == asked and not refunds and not wrong
    return once and stored == known and not waiting


def main() -> int:
    with TemporaryDirectory(prefix="descant-crash-") as folder:
        chosen = settings.read(data=Path(folder))
        rules = service.open(chosen)
        account = rules.accounts.authenticate(rules.accounts.create_key(credits=1000).key)
        began = time.monotonic()
        plans = (recordings(rules, account), songs(rules, account))
        tasks = [task for plan in plans for task in kill(rules, account, chosen, plan)]
        good = judge(rules, account, [rules.tasks.read(account, task) for task in tasks])
        print(f"seconds: {time.monotonic() - began:.0f}")
        rules.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
