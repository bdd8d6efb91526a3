"""Where the CPU seconds of a song go: timers around the rooms of the road, each without what runs inside it."""

import resource
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from typing import Any
from unittest.mock import patch

STAGES: dict[str, tuple[str, ...]] = {
    "writing": ("descant.engines.score.engine.write",),
    "playing": ("descant.perform.instruments.player.render",),
    "singing": ("descant.perform.voice.singer.render", "descant.perform.voice.singer.word_times"),
    "strips": ("descant.mix.channel.Fader.deliver", "descant.mix.channel.Kit.deliver"),
    "rooms and side-chains": ("descant.mix.finish.Finisher.finish",),
    "riding the voice": ("descant.mix.riding.Rider.hear", "descant.mix.riding.Rider.ride"),
    "bus": ("descant.mix.mastering.Mastering.hear", "descant.mix.mastering.Mastering.master"),
    "WAV": ("descant.media.wav.encode",),
    "MP3": ("descant.media.mp3.encode",),
    "FLAC": ("descant.media.flac.encode",),
    "cover": ("descant.media.cover.draw",),
}
"""Import paths of what belongs to each stage; what belongs to none is "the rest"."""

SINGING: dict[str, tuple[str, ...]] = {
    "speaking": ("descant.perform.voice.singer._spoken",),
    "laying out and pitch": ("descant.perform.voice.singer._layout", "descant.perform.voice.singer._melody"),
    "frames": ("descant.perform.voice.frames.build",),
    "pulses and noise": (
        "descant.perform.voice.excitation.phase_of",
        "descant.perform.voice.excitation.pulses",
        "descant.perform.voice.excitation.noise",
    ),
    "filtering": ("descant.perform.voice.synthesis.synthesise",),
}
"""The stages of singing a part."""

REST = "the rest"


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of the programs it has run."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


class _Clock:
    """Gives every moment to the innermost stage that is running."""

    def __init__(self, stages: Iterable[str]) -> None:
        self.spent: dict[str, float] = dict.fromkeys((*stages, REST), 0.0)
        self._running = [REST]
        self._since = cpu_seconds()

    def _tick(self) -> None:
        now = cpu_seconds()
        self.spent[self._running[-1]] += now - self._since
        self._since = now

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._tick()
            self._running.append(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self._tick()
                self._running.pop()

        return timed

    def stop(self) -> None:
        self._tick()


def _owner(path: str) -> tuple[Any, str]:
    """Return what holds the function at an import path (a module or a class) and the function's name in it."""
    names = path.split(".")
    for count in range(len(names) - 1, 0, -1):
        try:
            owner: Any = import_module(".".join(names[:count]))
        except ModuleNotFoundError:
            continue
        for name in names[count:-1]:
            owner = getattr(owner, name)
        return owner, names[-1]
    raise ModuleNotFoundError(path)


@contextmanager
def timed(stages: Mapping[str, tuple[str, ...]] = STAGES) -> Iterator[dict[str, float]]:
    """Time what runs inside; the dictionary holds the CPU seconds of each stage when it has ended."""
    clock = _Clock(stages)
    patches = []
    for stage, paths in stages.items():
        for path in paths:
            owner, name = _owner(path)
            patches.append(patch.object(owner, name, clock.around(stage, getattr(owner, name))))
    for patched in patches:
        patched.start()
    try:
        yield clock.spent
    finally:
        clock.stop()
        for patched in patches:
            patched.stop()
