"""Workers and whole servers killed with SIGKILL at random moments: every song is finished, charged once, made once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from descant.jobs import reaper
from descant.service.requests import ExtendMusic
from descant.service.webhooks.webhooks import Webhook
from descant.storage import credits, webhooks
from descant.storage.records import DeliveryState, State

from .house import PATIENCE, WORKERS, House

KILLS = {"sqlite": 10, "postgresql": 2}
SONG_SECONDS = 0.5


def test_songs_survive_kills_at_random_moments(house: House, database_url: str) -> None:
    kind = database_url.split(":")[0]
    kills, moments = KILLS[kind], random.Random(kind)
    tasks = []
    for number in range(kills):
        tasks.append(house.create(f"seconds={SONG_SECONDS}"))
        task = tasks[-1]
        house.wait(lambda task=task: house.living() and house.read(task).started)
        time.sleep(moments.uniform(0.0, 1.5 * SONG_SECONDS))
        if number % 5 == 1:
            house.kill_server()
        else:
            os.kill(moments.choice(house.living()), signal.SIGKILL)
    house.wait(lambda: all(house.read(task).finished for task in tasks))
    for task in tasks:
        assert [clip.state for clip in house.read(task).clips] == [State.SUCCEEDED, State.SUCCEEDED]
        for clip in house.read(task).clips:
            file = house.service.files.open(clip.id, "audio.mp3")
            assert b"".join(file.read()) == str(clip.seed).encode() * 20
    with house.service.database.reading() as tx:
        entries = [(entry.reason, entry.delta) for entry in credits.entries(tx, house.account.id)]
        assert credits.disagreements(tx) == ()
    assert entries == [("grant", 1000), *[("charge", -15)] * kills]
    house.wait(lambda: list((house.settings.data / "work").iterdir()) == [])
    assert house.stop() == 0


def test_a_song_from_a_song_survives_the_death_of_who_makes_it(lonely_house: House) -> None:
    source = lonely_house.create("pop")
    lonely_house.wait(lambda: lonely_house.read(source).finished)
    song = lonely_house.read(source).clips[0]
    request = ExtendMusic(
        continue_clip_id=song.id, continue_at=5.0, custom_mode=True, mv="sonic-v5", prompt="la", tags="seconds=2"
    )
    task = lonely_house.service.tasks.create(lonely_house.account, request).id
    for number in range(2):
        lonely_house.wait(lambda number=number: lonely_house.read(task).clips[number].progress > 0)
        os.kill(lonely_house.living()[0], signal.SIGKILL)
    lonely_house.wait(lambda: lonely_house.read(task).finished)
    made = lonely_house.read(task).clips
    assert [(clip.state, clip.title, clip.joined_at) for clip in made] == [(State.SUCCEEDED, "Slow Song", 5.0)] * 2
    with lonely_house.service.database.reading() as tx:
        entries = [(entry.reason, entry.delta) for entry in credits.entries(tx, lonely_house.account.id)]
    assert entries == [("grant", 1000), ("charge", -15), ("charge", -15)]
    lonely_house.wait(lambda: list((lonely_house.settings.data / "work").iterdir()) == [])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_songs_of_a_machine_that_does_not_come_back_are_finished_by_another(house: House, tmp_path: Path) -> None:
    other = house.elsewhere(tmp_path / "elsewhere")
    house.wait(lambda: len(house.heard_of()) == WORKERS + 1)
    tasks = [house.create("seconds=3"), house.create("seconds=3")]
    house.wait(lambda: sum(clip.progress > 0 for task in tasks for clip in house.read(task).clips) == WORKERS + 1)
    house.lose_all_but(other)
    lost = reaper.reap(house.service.database, house.service.jobs)
    assert 1 <= len(lost) <= WORKERS  # a worker of the dead machine may have just ended a song
    house.wait(lambda: all(house.read(task).finished for task in tasks))
    assert {clip.state for task in tasks for clip in house.read(task).clips} == {State.SUCCEEDED}
    assert house.service.credits.balance(house.account).credits == 970
    other.terminate()
    other.wait(30)


def test_a_webhook_survives_the_death_of_who_sends_it(lonely_house: House) -> None:
    told: list[str] = []
    hung = threading.Event()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.headers["X-Webhook-Id"])
            if len(told) == 1:
                hung.wait(PATIENCE)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    receiver.daemon_threads = True
    threading.Thread(target=receiver.serve_forever, args=(0.05,), daemon=True).start()
    task = lonely_house.create("pop", Webhook(f"http://127.0.0.1:{receiver.server_address[1]}/"))
    lonely_house.wait(lambda: len(told) == 1)
    os.kill(lonely_house.living()[0], signal.SIGKILL)

    def delivered() -> bool:
        with lonely_house.service.database.reading() as tx:
            return [one.state for one in webhooks.deliveries(tx, task)] == [DeliveryState.DELIVERED]

    lonely_house.wait(delivered)
    assert len(told) == 2
    assert len(set(told)) == 1
    hung.set()
    receiver.shutdown()
    receiver.server_close()


def test_cancelling_a_song_under_way_stops_it_and_gives_the_price_back(lonely_house: House) -> None:
    first, second = lonely_house.create("seconds=600"), lonely_house.create("pop")
    lonely_house.wait(
        lambda: any(
            clip.stage or clip.state.finished for task in (first, second) for clip in lonely_house.read(task).clips
        )
    )
    lonely_house.service.tasks.cancel(lonely_house.account, first)
    assert lonely_house.service.credits.balance(lonely_house.account).credits == 985
    lonely_house.wait(lambda: lonely_house.read(second).finished)
    assert {clip.state for clip in lonely_house.read(second).clips} == {State.SUCCEEDED}
    assert lonely_house.stop() == 0


def test_a_second_server_on_the_same_data_is_refused(lonely_house: House) -> None:
    lonely_house.wait(lonely_house.holding)
    script = str(Path(__file__).with_name("processes.py"))
    environment = {**os.environ, **lonely_house.settings.environment()}
    second = subprocess.run([sys.executable, script, "server"], env=environment, capture_output=True, text=True)
    assert second.returncode != 0
    assert "another server is running" in second.stderr
