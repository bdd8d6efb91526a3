"""Songs made from songs in real child processes: what the engine is given, and what becomes of the money."""

import threading
from pathlib import Path

import pytest

from descant.jobs import isolate
from descant.jobs.isolate import Limits
from descant.service.errors import Invalid, NotFound
from descant.service.requests import ConcatMusic, ExtendMusic, MashUp, PersonaMusic, Remaster, ReplaceSection
from descant.service.tasks.making import Workshop
from descant.storage import clips
from descant.storage.records import State

NEVER = threading.Event()
WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "la"}


@pytest.fixture
def workshop(shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Workshop:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    isolate.prepare(())
    return Workshop(
        database=shop.service.database,
        objects=shop.service.objects,
        jobs=shop.service.jobs,
        folder=tmp_path / "work",
        worker="tester",
        engine="slow_engine:load",
        limits=Limits(seconds=20.0, nice=0),
    )


@pytest.fixture
def ask(shop):
    """Ask for a task; return its clips."""

    def ask(request):
        task = shop.service.tasks.create(shop.account, request)
        return shop.service.tasks.read(shop.account, task.id).clips

    return ask


@pytest.fixture
def make(shop, workshop, ask):
    """Ask for a task and make its clips; return them."""

    def make(request):
        clips = ask(request)
        for clip in clips:
            workshop.make(clip.id, NEVER)
        return shop.service.tasks.read(shop.account, clips[0].task_id).clips

    return make


def test_an_engine_gets_the_songs_of_an_order_as_it_names_them(make, make_song, workshop):
    first, second = make(make_song(title="First"))[0], make(make_song(title="Second"))[0]
    (mashed, _) = make(MashUp(mashup_clip_ids=(second.id, first.id), **WORDS))
    assert (mashed.state, mashed.title, mashed.parent_id) == (State.SUCCEEDED, "Second + First", second.id)
    assert list(workshop.folder.iterdir()) == []


def test_a_chain_of_extensions_is_handed_over_from_its_root_on(make, make_song):
    root = make(make_song(title="Root"))[0]
    extension = make(ExtendMusic(continue_clip_id=root.id, continue_at=5.0, **WORDS))[1]
    assert (extension.joined_at, extension.parent_id) == (5.0, root.id)
    further = make(ExtendMusic(continue_clip_id=extension.id, continue_at=2.0, **WORDS))[0]
    (whole,) = make(ConcatMusic(continue_clip_id=further.id))
    assert (whole.title, whole.joined_at) == ("Root + Root + Root", None)


def test_a_source_deleted_before_its_turn_fails_the_operation_and_gives_the_price_back(
    shop, workshop, ask, make, make_song
):
    song = make(make_song())[0]
    before = shop.balance()
    waiting = ask(Remaster(continue_clip_id=song.id, mv="sonic-v5"))
    shop.service.clips.delete(shop.account, song.id)
    for clip in waiting:
        workshop.make(clip.id, NEVER)
    ended = shop.service.tasks.read(shop.account, waiting[0].task_id).clips
    assert {clip.state for clip in ended} == {State.FAILED}
    assert {clip.error for clip in ended} == {
        f"The clip '{song.id}', which this was to be made from, was deleted meanwhile. The credits were given back."
    }
    assert shop.balance() == before
    assert list(workshop.folder.iterdir()) == []


def test_a_changed_extension_and_what_extends_it_are_handed_over_with_all_before_them(make, make_song):
    root = make(make_song(title="Root"))[0]
    extension = make(ExtendMusic(continue_clip_id=root.id, continue_at=5.0, **WORDS))[0]
    section = {"infill_start_s": 1.0, "infill_end_s": 4.0, "infill_lyrics": "la"}
    changed = make(ReplaceSection(clip_id=extension.id, **section))[0]
    assert (changed.joined_at, changed.parent_id) == (5.0, extension.id)
    (joined,) = make(ConcatMusic(continue_clip_id=changed.id))
    assert joined.title == "Root + Root"
    further = make(ExtendMusic(continue_clip_id=changed.id, continue_at=2.0, **WORDS))[0]
    (whole,) = make(ConcatMusic(continue_clip_id=further.id))
    assert whole.title == "Root + Root + Root"


@pytest.mark.parametrize("late", [False, True])
def test_a_source_deleted_while_it_is_looked_at_is_told_as_deleted(
    shop, workshop, ask, make, make_song, monkeypatch, late
):
    song = make(make_song())[0]
    clip = ask(Remaster(continue_clip_id=song.id, mv="sonic-v5"))[0]
    read = clips.files

    def delete_and_read(tx, ids):
        held = read(tx, ids) if late else ()
        if list(ids) == [song.id]:
            monkeypatch.setattr(clips, "files", read)
            shop.service.clips.delete(shop.account, song.id)
        return held or read(tx, ids)

    monkeypatch.setattr(clips, "files", delete_and_read)
    workshop.make(clip.id, NEVER)
    ended = shop.service.tasks.read(shop.account, clip.task_id).clips[0]
    assert (ended.state, "was deleted meanwhile" in ended.error) == (State.FAILED, True)


def test_a_source_that_vanished_otherwise_is_a_fault_and_tried_again(shop, workshop, ask, make, make_song):
    song = make(make_song())[0]
    clip = ask(Remaster(continue_clip_id=song.id, mv="sonic-v5"))[0]
    for info in shop.service.objects.list(f"clips/{song.id}"):
        shop.service.objects.delete(info.key)
    with pytest.raises(KeyError):
        workshop.make(clip.id, NEVER)
    assert shop.service.tasks.read(shop.account, clip.task_id).clips[0].state is State.RUNNING


def test_nothing_remains_of_an_operation_that_cannot_be_taken_in(shop, make_song, ask):
    pending = ask(make_song())[0]
    ledger = shop.ledger()
    with pytest.raises(Invalid, match="not finished"):
        ask(Remaster(continue_clip_id=pending.id, mv="sonic-v5"))
    with pytest.raises(NotFound):
        ask(PersonaMusic(persona_id="nobody", **WORDS))
    assert shop.ledger() == ledger
