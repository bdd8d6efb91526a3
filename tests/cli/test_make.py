"""A song without a server: what is asked of the engine, and what is delivered where."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from descant import engines
from descant.engines.protocol import CannotMake
from descant.song.lyrics import SectionKind
from descant.song.score import Note, Part, Role, Score, Section
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key

FILES = {
    "audio.mp3": b"mp3",
    "audio.wav": b"wav",
    "score.mid": b"midi",
    "song.json": b"{}",
    "stems/drums.flac": b"drums",
    "stems/vocals.flac": b"vocals",
}

SCORE = Score(
    title="Paper Boats",
    tempo=(TempoChange(0.0, 90.0),),
    metre=Metre(),
    key=Key(0, "major"),
    sections=(Section(SectionKind.VERSE, "Verse", 0.0, 1, 0.5, Key(0, "major")),),
    chords=(),
    parts=(Part("flute", Role.WOODWINDS, "flute", (Note(0.0, 2.0, 76, 90),)),),
    vocals=(),
    length=4.0,
)


@pytest.fixture
def asked(monkeypatch):
    """Put a quick engine in place of the real one; return the briefs it gets."""
    briefs = []

    class Quick:
        def make(self, order, sources, workspace, progress):
            brief = order.brief
            briefs.append(brief)
            if "forbidden" in brief.lyrics:
                raise CannotMake("These words cannot be sung.")
            progress(0.5, "performing")
            for name, data in FILES.items():
                (workspace / name).parent.mkdir(exist_ok=True)
                (workspace / name).write_bytes(data)
            return SimpleNamespace(title="Paper Boats", seconds=61.4, score=SCORE)

    monkeypatch.setattr(engines, "load", lambda **_: Quick())
    return briefs


@pytest.fixture
def lyrics(tmp_path, monkeypatch) -> Path:
    bank = tmp_path / "bank.sf2"
    bank.write_bytes(b"RIFF\0\0\0\0sfbk")
    monkeypatch.setenv("DESCANT_SOUNDFONT", str(bank))
    monkeypatch.setattr("descant.cli.checks.PROGRAMS", ())
    path = tmp_path / "lyrics.txt"
    path.write_text("[Verse]\nPaper boats — étoile\n", encoding="utf-8")
    return path


def test_each_ending_gets_its_file_and_a_folder_the_stems(descant, asked, lyrics, tmp_path):
    outs = [tmp_path / name for name in ("a.mp3", "b.wav", "c.mid", "d.json", "stems")]
    result = descant("make", lyrics, *(part for out in outs for part in ("-o", out)))
    assert result.exit_code == 0, result.stderr
    assert [out.read_bytes() for out in outs[:4]] == [b"mp3", b"wav", b"midi", b"{}"]
    assert {path.name: path.read_bytes() for path in outs[4].iterdir()} == {
        "drums.flac": b"drums",
        "vocals.flac": b"vocals",
    }
    assert len(asked) == 1


def test_the_lead_sheet_and_the_piano_roll_are_written_from_the_score(descant, asked, lyrics, tmp_path):
    sheet, roll = tmp_path / "a.musicxml", tmp_path / "b.PNG"
    assert descant("make", lyrics, "-o", sheet, "-o", roll).exit_code == 0
    assert b"<work-title>Paper Boats</work-title>" in sheet.read_bytes()
    assert roll.read_bytes().startswith(b"\x89PNG")


def test_every_option_reaches_the_brief(descant, asked, lyrics, tmp_path):
    options = ["--tags", "pop", "--negative-tags", "choir", "--title", "Boats", "--gender", "m", "--seed", "7"]
    options += ["--description", "about rain", "--instrumental"]
    descant("make", lyrics, *options, "-o", tmp_path / "a.mp3")
    brief = asked[0]
    assert brief.lyrics == "[Verse]\nPaper boats — étoile\n"
    assert (brief.tags, brief.negative_tags, brief.title, brief.description) == ("pop", "choir", "Boats", "about rain")
    assert (brief.vocal_gender, brief.seed, brief.instrumental) == ("m", 7, True)


def test_the_seed_is_printed_so_that_the_song_can_be_made_again(descant, asked, lyrics, tmp_path):
    result = descant("make", lyrics, "-o", tmp_path / "a.mp3")
    assert f"seed {asked[0].seed}" in result.stderr
    assert "“Paper Boats”, 1:01" in result.stderr
    assert result.stdout == ""


def test_lyrics_may_come_from_standard_input(descant, asked, lyrics, tmp_path):
    descant("make", "-", "-o", tmp_path / "a.mp3", input="[Chorus]\nla\n")
    assert asked[0].lyrics == "[Chorus]\nla\n"


@pytest.mark.parametrize("instead", [("--description", "a song of rain"), ("--instrumental",)])
def test_no_lyrics_are_needed_for_a_description_or_an_instrumental(descant, asked, lyrics, tmp_path, instead):
    assert descant("make", *instead, "-o", tmp_path / "a.mp3").exit_code == 0


def test_nothing_to_sing_is_one_line(descant, one_line, asked, lyrics, tmp_path):
    assert "--description" in one_line(descant("make", "-o", tmp_path / "a.mp3"), 2)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.ogg", ".mp3, .wav, .mid, .json, .flac, .m4a, .opus, .mp4, .musicxml, .png"),
        ("missing/a.mp3", "does not exist"),
    ],
)
def test_a_target_that_cannot_be_is_refused_before_the_song_is_made(
    descant, one_line, asked, lyrics, tmp_path, name, said
):
    assert said in one_line(descant("make", lyrics, "-o", tmp_path / name), 2)
    assert asked == []


def test_lyrics_that_cannot_be_read_are_one_line(descant, one_line, asked, lyrics, tmp_path):
    assert "cannot be read" in one_line(descant("make", tmp_path / "none.txt", "-o", tmp_path / "a.mp3"), 2)
    lyrics.write_bytes(b"caf\xe9")
    assert "UTF-8" in one_line(descant("make", lyrics, "-o", tmp_path / "a.mp3"), 2)


def test_words_the_engine_refuses_are_one_line(descant, one_line, asked, lyrics, tmp_path):
    lyrics.write_text("forbidden")
    assert one_line(descant("make", lyrics, "-o", tmp_path / "a.mp3"), 1) == "These words cannot be sung.\n"
    assert not (tmp_path / "a.mp3").exists()


def test_a_missing_sound_bank_is_one_line_with_its_mend(descant, one_line, asked, lyrics, tmp_path, monkeypatch):
    monkeypatch.setenv("DESCANT_SOUNDFONT", str(tmp_path / "none.sf2"))
    line = one_line(descant("make", lyrics, "-o", tmp_path / "a.mp3"), 1)
    assert "apt install" in line
    assert "DESCANT_SOUNDFONT" in line


@pytest.mark.parametrize("seed", ["-1", "2147483648", "x"])
def test_seeds_fit_31_bits(descant, asked, lyrics, tmp_path, seed):
    assert descant("make", lyrics, "--seed", seed, "-o", tmp_path / "a.mp3").exit_code == 2
