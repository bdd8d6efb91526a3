"""What requests that work on recordings come to: recordings taken in, and songs made from them.

Of a recording that is still to be taken in nothing is known, not even its length; what a request says of times is then
held against it when it is there (:mod:`.settling`).
"""

import json
from dataclasses import replace

from msgspec.structs import replace as changed

from descant.net.destinations import Allowed, ForbiddenUrl, parse
from descant.service.clips import access
from descant.service.errors import Invalid
from descant.service.requests import (
    AddInstrumental,
    AddToUpload,
    AddVocals,
    CoverUpload,
    ExtendUpload,
    Request,
    UploadAndCover,
    UploadAndExtend,
    UploadAndSample,
    UploadRecording,
)
from descant.service.tasks.accepting import INCLUDED, Commission, Take
from descant.service.tasks.written import with_wholes, written
from descant.service.uploads import naming
from descant.song import orders
from descant.song.brief import Brief
from descant.song.orders import Order
from descant.storage.database import Transaction
from descant.storage.records import AccountRecord, ClipRecord

SAMPLE_SECONDS = 30.0
"""How much is sampled when the request names no end (contract/sonic.md §5)."""

SHOWN = 60
"""Characters of a refused address that its refusal repeats."""

OnRecording = (
    UploadRecording
    | ExtendUpload
    | CoverUpload
    | AddVocals
    | AddInstrumental
    | UploadAndExtend
    | UploadAndCover
    | UploadAndSample
)
"""The requests of this module."""


def of(tx: Transaction, account: AccountRecord, request: OnRecording) -> Commission:
    """Return what a request comes to; raises as :func:`descant.service.tasks.commissions.of`."""
    match request:
        case UploadRecording():
            return _taken_in(request)
        case ExtendUpload():
            song = _recording(tx, account, request.continue_clip_id, "extend_upload_music")
            at = access.moment(song, "continue_at", request.continue_at)
            made = written("sonic.extend_upload_music", request, lambda brief: orders.Extend(brief, at), song)
            return with_wholes(made, (song,)) if request.auto_concat else made
        case CoverUpload():
            song = _recording(tx, account, request.continue_clip_id, "cover_upload_music")
            faith = faithfulness(request.audio_weight)
            return written("sonic.cover_upload_music", request, lambda brief: orders.Cover(brief, faith), song)
        case AddVocals() | AddInstrumental():
            return _added(tx, account, request)
        case UploadAndExtend():
            at = request.continue_at
            made = written("sonic.upload_extend", request, lambda brief: orders.Extend(brief, at))
            made = with_wholes(made, ()) if request.auto_concat else made
        case UploadAndCover():
            faith = faithfulness(request.audio_weight)
            made = written("sonic.upload_cover", request, lambda brief: orders.Cover(brief, faith))
        case UploadAndSample():
            made = written("sonic.sample", request, lambda brief: _sample(brief, request))
    return _after(request.recording, made)


def check(request: Request, allowed: Allowed) -> None:
    """Raise Invalid when the form of an address already says that no recording may be fetched from there."""
    recording = getattr(request, "recording", request)
    if not isinstance(recording, UploadRecording) or not recording.url:
        return
    try:
        parse(recording.url, allowed)
    except ForbiddenUrl as error:
        raise Invalid(f"'url' is {shown(recording.url)}, but must be {error}.") from error


def shown(url: str) -> str:
    """Return an address, shortened, for a refusal."""
    return json.dumps(url if len(url) <= SHOWN else url[: SHOWN - 1] + "…", ensure_ascii=False)


def is_recording(clip: ClipRecord) -> bool:
    """Return whether a clip is a recording that was sent in, or is to become one."""
    return isinstance(orders.decode(clip.order), orders.Listen)


def faithfulness(audio_weight: float | None) -> float:
    """Return how near to its source a song is to stay, as asked or as usual."""
    return orders.FAITHFULNESS if audio_weight is None else audio_weight


def _taken_in(request: UploadRecording) -> Commission:
    title = request.title or naming.of_url(request.url)
    order = orders.Listen(title, request.lyrics, request.language)
    take = Take(order=order, seed=0, title=title, tags="", lyrics=request.lyrics, clip_id=request.clip_id)
    kind = INCLUDED if request.included else "sonic.upload"
    return Commission(kind=kind, request=request, mv="", seed=0, takes=(take,))


def _after(recording: UploadRecording, commission: Commission) -> Commission:
    """Return a commission whose takes are to be made from a recording that is taken in with them."""
    first = _taken_in(recording)
    takes = tuple(replace(take, title=take.title or first.takes[0].title) for take in commission.takes)
    return replace(commission, takes=takes, recording=first)


def _recording(tx: Transaction, account: AccountRecord, clip_id: str, task_type: str) -> ClipRecord:
    """Return a finished recording of the account; raise Invalid, naming the task type, for a clip that is none."""
    song = access.song(tx, account, clip_id)
    if not is_recording(song):
        instead = task_type.replace("_upload_", "_")
        hint = f"; use {instead!r} for it" if instead != task_type else ""
        raise Invalid(f"{task_type!r} takes uploaded clips, and the clip {song.id!r} was made here{hint}.")
    return song


def _added(tx: Transaction, account: AccountRecord, request: AddVocals | AddInstrumental) -> Commission:
    sung = isinstance(request, AddVocals)
    task_type = "add_vocals" if sung else "add_instrumental"
    song = _recording(tx, account, request.continue_clip_id, task_type)
    start, stop = _window(song, request)
    near = faithfulness(request.audio_weight)
    order = orders.AddVocals if sung else orders.AddInstrumental
    return written(f"sonic.{task_type}", request, lambda brief: order(brief, start, stop, near), song)


def _window(song: ClipRecord, request: AddToUpload) -> tuple[float | None, float | None]:
    """Return the window that something is added in; None for a side that was left out."""
    start, stop = request.overpainting_start_s, request.overpainting_end_s
    if stop is None:
        end = ("overpainting_end_s", song.duration or 0.0)
        return (None if start is None else access.window(song, ("overpainting_start_s", start), end)[0]), None
    left, right = access.window(song, ("overpainting_start_s", start or 0.0), ("overpainting_end_s", stop))
    return (None if start is None else left), right


def _sample(brief: Brief, request: UploadAndSample) -> Order:
    start = request.chop_sample_start_s or 0.0
    stop = start + SAMPLE_SECONDS if request.chop_sample_end_s is None else request.chop_sample_end_s
    check_sample(start, stop)
    return orders.Sample(brief, start, stop)


def check_sample(start: float, stop: float) -> None:
    """Raise Invalid for a sample that is too short to be one."""
    if stop - start < orders.SHORTEST_SAMPLE:
        raise Invalid(
            f"The sample from {start:g} to {stop:g} lasts {stop - start:.2f} seconds, but must last at least "
            f"{orders.SHORTEST_SAMPLE:g}; see 'chop_sample_start_s' and 'chop_sample_end_s'."
        )


def fitted(order: Order, seconds: float) -> Order:
    """Return an order, given before its recording was there, as it fits one that lasts ``seconds``.

    Raises
    ------
    Invalid : when it does not; the text names the field of the request.
    """
    if isinstance(order, orders.Extend):
        if order.at > max(seconds, round(seconds, 2)):
            raise Invalid(f"'continue_at' is {order.at:g}, but the recording is {seconds:.2f} seconds long.")
        return changed(order, at=min(order.at, seconds))
    if isinstance(order, orders.Sample):
        if order.start >= seconds:
            raise Invalid(f"'chop_sample_start_s' is {order.start:g}, but the recording is {seconds:.2f} seconds long.")
        check_sample(order.start, min(order.stop, seconds))
        return changed(order, stop=min(order.stop, seconds))
    return order
