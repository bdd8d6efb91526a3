"""Batches on each kind of database: what is refused leaves nothing behind, what is taken in is whole."""

import pytest

from descant.service.batches.batches import Item
from descant.service.errors import Invalid, NotFound
from descant.service.requests import Remaster


def test_of_a_batch_that_is_taken_in_refused_items_leave_only_their_refusal(shop, make_song) -> None:
    items = [
        Item(make_song(seed=7)),
        Item(Remaster(continue_clip_id="nobody", mv="sonic-v5")),
        Invalid("'title' is too long."),
        *[Item(make_song()) for _ in range(6)],
    ]
    made = shop.service.batches.create(shop.account, items)
    assert [item.refusal for item in made.items] == ["", "NotFound", "Invalid", *[""] * 5, "OutOfCredits"]
    assert [item.error for item in made.items[1:3]] == ["There is no clip 'nobody'.", "'title' is too long."]
    assert shop.balance() == 10
    assert shop.ledger() == [("grant", 100), *[("charge", -15)] * 6]
    queued = shop.service.jobs._client.list_queued_workflows(queue_name="cpu")
    clips = [clip.id for item in made.items if item.task for clip in item.task.clips]
    assert [item.workflow_id for item in sorted(queued, key=lambda item: item.priority)] == clips
    assert shop.service.batches.read(shop.account, made.id) == made


def test_nothing_remains_of_a_batch_that_breaks_in_the_middle(shop, make_song, monkeypatch) -> None:
    enqueue = shop.service.jobs.enqueue
    seen: list[str] = []

    def fail_third(tx, item_id, account_id, **options):
        seen.append(item_id)
        if len(seen) == 3:
            raise ConnectionError("the queue is gone")
        enqueue(tx, item_id, account_id, **options)

    monkeypatch.setattr(shop.service.jobs, "enqueue", fail_third)
    with pytest.raises(ConnectionError):
        shop.service.batches.create(shop.account, [Item(make_song()), Item(make_song())])
    assert shop.ledger() == [("grant", 100)]
    assert shop.service.jobs._client.list_workflows(workflow_ids=seen) == []


def test_batches_of_others_are_unknown(shop, make_song) -> None:
    made = shop.service.batches.create(shop.account, [Item(make_song())])
    key = shop.service.accounts.create_key(credits=10)
    stranger = shop.service.accounts.authenticate(key.key)
    for account, batch_id in ((stranger, made.id), (shop.account, "nobody"), (shop.account, "\0")):
        with pytest.raises(NotFound):
            shop.service.batches.read(account, batch_id)
