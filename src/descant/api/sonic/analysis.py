"""``POST /api/v1/sonic/wav`` and the other questions about a clip, answered at once (contract/sonic.md §6)."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.media import granted_url
from descant.api.sonic.answers import (
    Alignment,
    AlignmentAnswer,
    Bpm,
    BpmAnswer,
    ClipRequest,
    Download,
    DownloadAnswer,
    DownloadRequest,
    InstrumentBody,
    Midi,
    MidiAnswer,
    NoteBody,
    OtherTempo,
    Vox,
    VoxAnswer,
    VoxRequest,
    Wav,
    WavAnswer,
    WordBody,
)
from descant.api.sonic.schemas import NotReady
from descant.api.state import Configured, Rules
from descant.service.clips.body import audio_url, video_url
from descant.service.exports.exports import FORMATS
from descant.service.house import Service
from descant.settings import Settings

PREPARING = "The files are being made. Ask again in a second; asking costs nothing."

router = APIRouter(
    route_class=GuardedRoute,
    prefix="/api/v1/sonic",
    tags=["Exports and analysis"],
    dependencies=[Depends(scheme)],
    responses=documented(400, 401, 403, 413, 500),
)


@router.post("/wav", summary="Get the lossless file", operation_id="get_wav", response_description="Where it is.")
def wav(request: ClipRequest, caller: Caller, service: Rules, settings: Configured) -> WavAnswer:
    """Return the address of a clip's WAV; 1 credit."""
    service.analysis.wav(caller, request.clip_id)
    return WavAnswer(data=Wav(wav_url=granted_url(settings.public_url, service, request.clip_id, "wav")))


@router.post(
    "/download",
    summary="Get audio files",
    operation_id="download",
    response_description="Where they are.",
    response_model=DownloadAnswer,
    responses=documented(404, besides={202: {"model": NotReady, "description": "A worker is making the files."}}),
)
def download(
    request: DownloadRequest, caller: Caller, service: Rules, settings: Configured
) -> DownloadAnswer | JSONResponse:
    """Return the addresses of a clip's audio in the formats asked for; 2 credits the first time, then free.

    `mp3` and `wav` are there at once. Of the others a worker makes what was not asked for before: until they are there
    the answer is 202 with `type` `not_ready`, and asking again costs nothing. When a file could not be made, the answer
    is 500, once: asking again tries again, and is paid for already. A clip that was deleted answers 404.
    """
    if not service.exports.download(caller, request.clip_id, request.formats):
        return JSONResponse(NotReady(error=PREPARING, message=PREPARING).model_dump(), 202)
    places: dict[str, str] = {name: _place(name, request.clip_id, service, settings) for name in request.formats}
    return DownloadAnswer(data=Download(**{field: places.get(field[:-4]) for field in Download.model_fields}))


def _place(format: str, clip_id: str, service: Service, settings: Settings) -> str:
    """Return the address of a file that is there."""
    base = settings.public_url
    if format == "mp3":
        return audio_url(base, clip_id)
    if format == "mp4":
        return video_url(base, clip_id)
    return granted_url(base, service, clip_id, FORMATS[format].partition(".")[2])


@router.post("/midi", summary="Get the notes", operation_id="get_midi", response_description="The notes.")
def midi(request: ClipRequest, caller: Caller, service: Rules, settings: Configured) -> MidiAnswer:
    """Return the notes of a song or of one stem; 1 credit.

    The numbers and the file are the notes as they are performed in the audio, on its time line. Of an
    uploaded recording they are what was heard, with how surely and by which method.
    """
    instruments = service.analysis.midi(caller, request.clip_id)
    shown = [
        InstrumentBody(
            name=instrument.name,
            confidence=instrument.confidence,
            method=instrument.method,
            notes=[NoteBody(start=n.start, end=n.end, pitch=n.pitch, velocity=n.velocity) for n in instrument.notes],
        )
        for instrument in instruments
    ]
    address = granted_url(settings.public_url, service, request.clip_id, "mid")
    return MidiAnswer(data=Midi(midi_url=address, instruments=shown))


@router.post("/bpm", summary="Get the tempo", operation_id="get_bpm", response_description="The tempo.")
def bpm(request: ClipRequest, caller: Caller, service: Rules) -> BpmAnswer:
    """Return how fast a clip is, from the tempo it was written in, or of a recording as it was heard; 1 credit."""
    found = service.analysis.bpm(caller, request.clip_id)
    shown = Bpm(
        avg_bpm=found.average,
        max_bpm=found.fastest,
        min_bpm=found.slowest,
        confidence=found.confidence,
        method=found.method,
        alternatives=[OtherTempo(bpm=other.bpm, confidence=other.confidence) for other in found.others],
    )
    return BpmAnswer(data=shown)


@router.post(
    "/aligned-lyrics",
    summary="Get the time of each word",
    operation_id="align_lyrics",
    response_description="The words.",
)
def aligned_lyrics(request: ClipRequest, caller: Caller, service: Rules) -> AlignmentAnswer:
    """Return when each word of a clip is sung; 1 credit the first time for a clip, then free."""
    words, known = service.analysis.aligned_lyrics(caller, request.clip_id)
    alignment = [
        WordBody(
            word=word.text,
            start_s=word.start,
            end_s=word.stop,
            success=word.certainty > 0,
            p_align=word.certainty,
        )
        for word in words
    ]
    shown = Alignment(alignment=alignment, confidence=known.confidence, method=known.method)
    return AlignmentAnswer(data=shown)


@router.post(
    "/vox", summary="Set a voice apart", operation_id="get_vox", response_description="The stretch of singing."
)
def vox(request: VoxRequest, caller: Caller, service: Rules) -> VoxAnswer:
    """Set a stretch of a clip's singing apart, for a persona to be made from; 1 credit."""
    found, known = service.analysis.vox(caller, request.clip_id, request.vocal_start_s, request.vocal_end_s)
    shown = Vox(
        vox_audio_id=found.id,
        source_clip_id=found.clip_id,
        vocal_start_s=found.start,
        vocal_end_s=found.stop,
        confidence=known.confidence,
        method=known.method,
    )
    return VoxAnswer(data=shown)
