import threading

import pytest

from descant.service.errors import NotFound, OutOfCredits, Refused
from descant.service.tasks import briefs
from descant.storage.records import State
from descant.words import moderation
from descant.words.errors import RefusedTextError


def test_a_request_becomes_two_clips_and_one_charge(shop, make_song) -> None:
    task = shop.service.tasks.create(shop.account, make_song(title="Tide", seed=7))
    view = shop.service.tasks.read(shop.account, task.id)
    assert [(clip.position, clip.state, clip.title) for clip in view.clips] == [
        (0, State.PENDING, "Tide"),
        (1, State.PENDING, "Tide"),
    ]
    assert not view.started
    assert not view.finished
    assert shop.balance() == 85
    assert shop.ledger() == [("grant", 100), ("charge", -15)]


def test_the_seed_decides_the_takes(shop, make_song) -> None:
    tasks = [shop.service.tasks.create(shop.account, make_song(seed=seed)) for seed in (7, 7, 8)]
    seeds = [[clip.seed for clip in shop.service.tasks.read(shop.account, task.id).clips] for task in tasks]
    assert seeds[0] == seeds[1]
    assert len({*seeds[0], *seeds[2]}) == 4
    assert [task.seed for task in tasks] == [7, 7, 8]


def test_nothing_remains_of_a_request_that_cannot_be_enqueued(shop, make_song, monkeypatch) -> None:
    enqueue = shop.service.jobs.enqueue
    seen: list[str] = []

    def fail_second(tx, item_id, account_id, **options):
        enqueue(tx, item_id, account_id, **options)
        seen.append(item_id)
        if len(seen) == 2:
            raise ConnectionError("the queue is gone")

    monkeypatch.setattr(shop.service.jobs, "enqueue", fail_second)
    with pytest.raises(ConnectionError):
        shop.service.tasks.create(shop.account, make_song())
    assert shop.balance() == 100
    assert shop.ledger() == [("grant", 100)]
    assert shop.service.jobs._client.list_workflows(workflow_ids=seen) == []


def test_a_request_puts_each_clip_into_the_queue(shop, make_song) -> None:
    task = shop.service.tasks.create(shop.account, make_song())
    ids = [clip.id for clip in shop.service.tasks.read(shop.account, task.id).clips]
    queued = shop.service.jobs._client.list_queued_workflows(queue_name="cpu")
    assert sorted(item.workflow_id for item in queued) == sorted(ids)


def test_clips_are_begun_in_the_order_of_their_tasks_and_positions(shop, make_song) -> None:
    tasks = [shop.service.tasks.create(shop.account, make_song()) for _ in range(3)]
    ids = [clip.id for task in tasks for clip in shop.service.tasks.read(shop.account, task.id).clips]
    queued = shop.service.jobs._client.list_queued_workflows(queue_name="cpu")
    assert [item.workflow_id for item in sorted(queued, key=lambda item: item.priority)] == ids


def test_without_credits_nothing_is_accepted(shop, make_song) -> None:
    for _ in range(6):
        shop.service.tasks.create(shop.account, make_song())
    with pytest.raises(OutOfCredits) as refused:
        shop.service.tasks.create(shop.account, make_song())
    assert (refused.value.needed, refused.value.left) == (15, 10)
    assert shop.balance() == 10


def test_requests_at_once_cannot_spend_more_than_there_is(shop, make_song) -> None:
    accepted: list[str] = []
    refused: list[OutOfCredits] = []

    def create() -> None:
        try:
            accepted.append(shop.service.tasks.create(shop.account, make_song()).id)
        except OutOfCredits as error:
            refused.append(error)

    threads = [threading.Thread(target=create) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(accepted), len(refused)) == (6, 6)
    assert shop.balance() == 10
    assert len(shop.ledger()) == 7


def test_a_cancelled_task_gives_its_price_back_once(shop, make_song) -> None:
    task = shop.service.tasks.create(shop.account, make_song())
    for _ in range(3):
        view = shop.service.tasks.cancel(shop.account, task.id)
    assert view.finished
    assert {clip.state for clip in view.clips} == {State.FAILED}
    assert all("ancelled" in clip.error for clip in view.clips)
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]
    assert shop.service.jobs._client.list_queued_workflows(queue_name="cpu") == []


def test_cancels_at_once_give_back_once(shop, make_song) -> None:
    task = shop.service.tasks.create(shop.account, make_song())
    threads = [threading.Thread(target=shop.service.tasks.cancel, args=(shop.account, task.id)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shop.balance() == 100


def test_the_task_of_another_account_is_unknown(shop, make_song) -> None:
    task = shop.service.tasks.create(shop.account, make_song())
    key = shop.service.accounts.create_key(credits=0)
    other = shop.service.accounts.authenticate(key.key)
    for use in (shop.service.tasks.read, shop.service.tasks.cancel):
        with pytest.raises(NotFound):
            use(other, task.id)
        with pytest.raises(NotFound):
            use(shop.account, "no such task")
    assert not shop.service.tasks.read(shop.account, task.id).finished


def test_refused_words_cost_nothing(shop, make_song, monkeypatch) -> None:
    def refuse(text: str) -> None:
        if "forbidden" in text:
            raise RefusedTextError("forbidden", "not this")

    monkeypatch.setattr(moderation, "check", refuse)
    for field in ("prompt", "gpt_description_prompt", "title", "tags"):
        with pytest.raises(Refused, match="not this"):
            shop.service.tasks.create(shop.account, make_song(**{field: "a forbidden word"}))
    assert shop.balance() == 100


def test_the_brief_takes_the_text_that_the_mode_means(make_song) -> None:
    words = make_song(prompt="words")
    brief_of_a_song = make_song(prompt="a brief", auto_lyrics=True)
    description = make_song(custom_mode=False, prompt="ignored", gpt_description_prompt="a description")
    instrumental = make_song(prompt="ignored", make_instrumental=True)
    read = [
        (brief.lyrics, brief.description, brief.instrumental)
        for request in (words, brief_of_a_song, description, instrumental)
        for brief in (briefs.brief(request, 1),)
    ]
    assert read == [
        ("words", "", False),
        ("", "a brief", False),
        ("", "a description", False),
        ("", "", True),
    ]
    assert briefs.brief(make_song(mv="sonic-v3-5"), 1).max_seconds == 120


@pytest.mark.parametrize("task_id", ["nobody", "\0", "n" * 129])
def test_what_cannot_be_an_id_is_unknown_on_any_database(shop, task_id: str) -> None:
    for find in (shop.service.tasks.read, shop.service.tasks.cancel):
        with pytest.raises(NotFound) as refused:
            find(shop.account, task_id)
        assert refused.value.id == task_id[:128]
