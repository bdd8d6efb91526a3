"""Webhooks, from the end of a task to a receiver on loopback."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from descant.net.outbound import Outbound
from descant.service.clips.body import task_body
from descant.service.errors import Invalid
from descant.service.tasks import settling
from descant.service.webhooks import delivering, message
from descant.service.webhooks.delivering import Postman
from descant.service.webhooks.webhooks import Webhook
from descant.storage import clips, webhooks
from descant.storage.records import DeliveryState, now

BASE = "http://songs.example"
NEVER = threading.Event()


@dataclass
class Receiver:
    """Answers with the next of ``statuses`` (the last stays) and keeps what it was sent."""

    statuses: list[int] = field(default_factory=lambda: [200])
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.seen.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            status = made.statuses.pop(0) if len(made.statuses) > 1 else made.statuses[0]
            self.send_response(status)
            self.send_header("Location", made.url)
            self.end_headers()
            self.wfile.write(b"thanks\0")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def postman(shop) -> Postman:
    return Postman(
        database=shop.service.database,
        jobs=shop.service.jobs,
        outbound=Outbound(["127.0.0.0/8"]),
        secret="of the server",
        public_url=BASE,
        gaps=(0.0, 0.0, 0.0, 0.0),
    )


@pytest.fixture
def create(shop, make_song, receiver) -> Callable[..., str]:
    """Create a task whose webhook is the receiver, as one that may be reached."""

    def create(secret: str = "", url: str = "") -> str:
        return shop.service.tasks.create(shop.account, make_song(), Webhook(url or receiver.url, secret)).id

    return create


@pytest.fixture
def end(shop) -> Callable[..., None]:
    """End clips of a task: the first ``songs`` with a song, the others without."""

    def end(task_id: str, songs: int = 2) -> None:
        for clip in shop.service.tasks.read(shop.account, task_id).clips:
            done = {"title": "Tide", "tags": "pop", "lyrics": "La “é”", "duration": 97.318, "files": []}
            with shop.service.database.transaction() as tx:
                if clip.position < songs:
                    assert clips.claim(tx, clip.id, claim="one", worker="one", at=now())
                    assert clips.succeed(tx, clip.id, "one", at=now(), **done)
                    settling.settle(tx, shop.service.jobs, settling.tasks.lock(tx, task_id), (clip.id,))
                else:
                    settling.fail_clip(tx, shop.service.jobs, clip.id, "The tale was too sad.")

    return end


@pytest.fixture
def queue(shop) -> Callable[[], list[str]]:
    """What waits to be sent, taken out of the queue."""

    def queue() -> list[str]:
        found = shop.service.jobs._client.list_queued_workflows(queue_name="network")
        shop.service.jobs.cancel([item.workflow_id for item in found])
        return [item.workflow_id for item in found]

    return queue


def deliveries(shop, task_id: str):
    with shop.service.database.reading() as tx:
        return webhooks.deliveries(tx, task_id)


def test_a_task_without_a_webhook_tells_nobody(shop, make_song, end, queue) -> None:
    task = shop.service.tasks.create(shop.account, make_song())
    end(task.id)
    assert queue() == []


def test_nothing_is_told_before_every_clip_has_ended(shop, create, queue) -> None:
    task_id = create()
    first, _ = shop.service.tasks.read(shop.account, task_id).clips
    with shop.service.database.transaction() as tx:
        settling.fail_clip(tx, shop.service.jobs, first.id, "The tale was too sad.")
    assert queue() == []


@pytest.mark.parametrize(("songs", "event"), [(2, "song.completed"), (1, "song.completed"), (0, "song.failed")])
def test_the_body_is_what_a_poll_shows_and_what_it_is_about(
    songs, event, shop, create, end, queue, postman, receiver
) -> None:
    task_id = create()
    end(task_id, songs)
    (item,) = queue()
    postman.deliver(item, NEVER)
    ((headers, body),) = receiver.seen
    told = json.loads(body)
    assert [told.pop(name) for name in ("event", "task_id", "platform")] == [event, task_id, "suno"]
    assert told == task_body(shop.service.tasks.read(shop.account, task_id).clips, BASE)
    assert headers["X-Webhook-Event"] == event
    (delivery,) = deliveries(shop, task_id)
    assert (delivery.state, delivery.attempts, delivery.answer) == (DeliveryState.DELIVERED, 1, "200 thanks�")


def test_the_signature_is_over_the_timestamp_and_the_very_bytes(create, end, queue, postman, receiver) -> None:
    for secret in ("given", ""):
        end(create(secret))
        postman.deliver(queue()[0], NEVER)
    for (headers, body), secret in zip(receiver.seen, (b"given", b"of the server"), strict=True):
        assert headers["Content-Type"] == "application/json"
        assert abs(time.time() - int(headers["X-Webhook-Timestamp"])) < 30
        text = headers["X-Webhook-Timestamp"].encode() + b"." + body
        assert headers["X-Webhook-Signature"] == "sha256=" + hmac.new(secret, text, hashlib.sha256).hexdigest()


def test_the_servers_own_secret_depends_on_its_key_and_does_not_show_it() -> None:
    assert message.server_secret("one key") == message.server_secret("one key")
    assert message.server_secret("one key") != message.server_secret("another key")
    assert "one key" not in message.server_secret("one key")


def test_what_is_not_taken_is_tried_five_times_under_one_id(shop, create, end, queue, postman, receiver) -> None:
    receiver.statuses = [500, 404, 301, 429, 503]
    task_id = create()
    end(task_id)
    for attempt in range(1, 6):
        (item,) = queue()
        postman.deliver(item, NEVER)
        assert deliveries(shop, task_id)[0].attempts == attempt
    assert queue() == []
    assert deliveries(shop, task_id)[0].state is DeliveryState.FAILED
    ids = {headers["X-Webhook-Id"] for headers, _ in receiver.seen}
    assert ids == {headers["Idempotency-Key"] for headers, _ in receiver.seen} == {deliveries(shop, task_id)[0].id}
    assert len({body for _, body in receiver.seen}) == 1
    assert len(receiver.seen) == 5


def test_an_attempt_after_the_receiver_recovered_ends_it(shop, create, end, queue, postman, receiver) -> None:
    receiver.statuses = [500, 204]
    task_id = create()
    end(task_id)
    for _ in range(2):
        postman.deliver(queue()[0], NEVER)
    assert deliveries(shop, task_id)[0].state is DeliveryState.DELIVERED
    assert queue() == []


def test_an_attempt_that_was_noted_is_not_made_again(create, end, queue, postman, receiver) -> None:
    receiver.statuses = [500]
    end(create())
    (item,) = queue()
    for _ in range(3):
        postman.deliver(item, NEVER)
    assert len(receiver.seen) == 1
    assert len(queue()) == 1


def test_attempts_grow_apart() -> None:
    assert list(delivering.GAPS) == sorted(delivering.GAPS)
    assert len(delivering.GAPS) == 4


def test_an_event_waits_out_its_gap_in_the_queue(shop, create, end, queue, postman, receiver) -> None:
    receiver.statuses = [500]
    end(create())
    (item,) = queue()
    Postman(**{**vars(postman), "gaps": (3600.0,) * 4}).deliver(item, NEVER)
    delayed = shop.service.jobs._client.list_workflows(status="DELAYED")
    assert [waiting.workflow_id for waiting in delayed] == [item.removesuffix("1") + "2"]


def test_a_receiver_that_is_not_there_is_tried_again(shop, create, end, queue, postman) -> None:
    task_id = create(url="http://127.0.0.1:1025/")
    end(task_id)
    postman.deliver(queue()[0], NEVER)
    assert deliveries(shop, task_id)[0].state is DeliveryState.WAITING
    assert len(queue()) == 1


def test_an_address_that_turns_out_to_lead_inside_is_given_up(shop, create, end, queue, postman, receiver) -> None:
    task_id = create()
    end(task_id)
    Postman(**{**vars(postman), "outbound": Outbound()}).deliver(queue()[0], NEVER)
    assert deliveries(shop, task_id)[0].state is DeliveryState.FAILED
    assert receiver.seen == []
    assert queue() == []


def test_a_cancelled_task_tells_that_it_failed_once(shop, create, queue, postman, receiver) -> None:
    task_id = create()
    for _ in range(2):
        shop.service.tasks.cancel(shop.account, task_id)
    (item,) = queue()
    postman.deliver(item, NEVER)
    assert json.loads(receiver.seen[0][1])["event"] == "song.failed"


def test_a_bad_address_is_refused_and_costs_nothing(shop, make_song) -> None:
    for url in ("http://10.0.0.1/", "http://[::1]:8000/", "ftp://a.example/", "https://a.example:25/", "http://db/"):
        with pytest.raises(Invalid, match="'webhook_url' is"):
            shop.service.tasks.create(shop.account, make_song(), Webhook(url))
    assert shop.balance() == 100
