"""``descant make``: a song from a file of lyrics to a file of sound, with no server."""

import shutil
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from secrets import randbelow

import typer

from descant.cli import checks
from descant.cli.terminal import fail, read_settings
from descant.engines import exports, notation
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import Create
from descant.song.streams import SEED_LIMIT

ENDINGS = {".mp3": "audio.mp3", ".wav": "audio.wav", ".mid": "score.mid", ".json": "song.json"}
"""What of the workspace each ending asks for; no ending asks for the folder of stems."""

WRITTEN = {".musicxml": notation.musicxml, ".png": notation.piano_roll}
"""What writes, only when asked for, the endings that need the score alone: the lead sheet and the piano roll."""

ENCODED = tuple(f".{name}" for name in ("flac", "m4a", "opus", "mp4"))
"""Endings that are encoded only when asked for, each by a format of :data:`descant.engines.exports.FILES`."""


class Gender(StrEnum):
    """The lead voice asked for."""

    F = "f"
    M = "m"


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    example = 'Example: descant make lyrics.txt --tags "pop, dreamy, 96 bpm" -o song.mp3 -o stems/'
    app.command("make", epilog=example)(make)


def make(
    lyrics: Path | None = typer.Argument(None, help="A text file of lyrics with [Verse], [Chorus] …; - reads them in."),
    out: list[Path] = typer.Option(
        ...,
        "--out",
        "-o",
        help="Where to: .mp3, .wav, .flac, .m4a, .opus, .mp4 (video with the words), .mid, .musicxml (lead sheet), "
        ".png (piano roll), .json (the score), or a folder for the stems. Repeatable.",
    ),
    tags: str = typer.Option("", "--tags", help='The style, such as "ballad, piano, in D minor, 72 bpm".'),
    negative_tags: str = typer.Option("", "--negative-tags", help="What to keep out."),
    title: str = typer.Option("", "--title", help="Left out: found in the words."),
    description: str = typer.Option(
        "", "--description", help="The song in a line; words are written when none are given."
    ),
    instrumental: bool = typer.Option(False, "--instrumental", help="No voice."),
    gender: Gender | None = typer.Option(None, "--gender", help="The lead voice."),
    seed: int | None = typer.Option(None, "--seed", min=0, max=SEED_LIMIT - 1, help="The same seed, the same song."),
) -> None:
    """Make one song and write it to files. The seed is printed, so that the song can be made again."""
    words = _read(lyrics)
    if not (words.strip() or description or instrumental):
        fail("There is nothing to sing: give a file of lyrics, --description or --instrumental.", 2)
    for path in out:
        _check_target(path)
    brief = Brief(
        seed=randbelow(SEED_LIMIT) if seed is None else seed,
        lyrics=words,
        description=description,
        title=title,
        tags=tags,
        negative_tags=negative_tags,
        instrumental=instrumental,
        vocal_gender=gender.value if gender else None,
    )
    with tempfile.TemporaryDirectory(prefix="descant-make-") as name:
        workspace = Path(name)
        song = _perform(brief, workspace)
        for path in out:
            _deliver(song, workspace, path)
    minutes, seconds = divmod(round(song.seconds), 60)
    written = ", ".join(str(path) for path in out)
    typer.echo(f"“{song.title}”, {minutes}:{seconds:02d}, seed {brief.seed} → {written}", err=True)


def _read(path: Path | None) -> str:
    """Return the lyrics of a file, of standard input for "-", or "" for none."""
    if path is None:
        return ""
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"The lyrics {path} cannot be read ({error.strerror}).", 2)
    except UnicodeDecodeError:
        fail(f"The lyrics {path} are not UTF-8 text.", 2)


def _check_target(path: Path) -> None:
    """End the program when ``path`` cannot be written, before the song is made rather than after."""
    endings = (*ENDINGS, *ENCODED, *WRITTEN)
    if path.suffix and path.suffix.lower() not in endings and not path.is_dir():
        fail(f"'{path}' ends in {path.suffix}; allowed are {', '.join(endings)} or a folder for the stems.", 2)
    if not path.absolute().parent.is_dir():
        fail(f"The folder {path.absolute().parent} for '{path}' does not exist.", 2)


def _perform(brief: Brief, workspace: Path) -> Song:
    """Make the song, showing how far it is when someone watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from descant import engines
    from descant.engines.protocol import CannotMake

    settings = read_settings()
    for finding in (checks.sound_bank(settings), *checks.programs(settings)):
        if finding.is_fault:
            fail(finding.line)
    engine = engines.load(soundfont=settings.soundfont, cache=settings.data / "cache", weights=settings.weights)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:>10}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("reading", total=1.0)
            return engine.make(
                Create(brief), (), workspace, lambda done, stage: bar.update(task, completed=done, description=stage)
            )
    except CannotMake as error:
        fail(str(error))


def _deliver(song: Song, workspace: Path, path: Path) -> None:
    """Copy what ``path`` asks for out of the workspace, or write it from the score."""
    try:
        if path.is_dir() or not path.suffix:
            path.mkdir(exist_ok=True)
            for stem in sorted((workspace / "stems").iterdir()):
                shutil.copyfile(stem, path / stem.name)
        elif path.suffix.lower() in WRITTEN:
            path.write_bytes(WRITTEN[path.suffix.lower()](song))
        elif path.suffix.lower() in ENCODED:
            path.write_bytes(exports.export(workspace, path.suffix.lower().removeprefix(".")))
        else:
            shutil.copyfile(workspace / ENDINGS[path.suffix.lower()], path)
    except OSError as error:
        fail(f"'{path}' cannot be written ({error.strerror}).")
