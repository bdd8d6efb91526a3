"""A day with the service, over plain HTTP: write a song, grow it, mend it, restyle it, lend its voice, take it apart.

    descant serve                                  # in one terminal; it prints a key
    python examples/story.py KEY --out my-songs    # in another; it costs 177 credits and takes a few minutes

Nothing but Python's own library is used, so each step can be read as the request it is.
"""

import argparse
import json
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

SONG = """[Verse 1]
Paper boats along the gutter
Rain has washed the names away

[Chorus]
Stay, stay, stay"""

SECOND_VERSE = """[Verse 2]
Morning finds the paper drying
Somebody has learned to row

[Chorus]
Stay, stay, stay"""

ENDING = """[Outro]
Every river knows the way"""

NEW_SECOND_VERSE = """Lanterns lean across the water
Nobody is asked to go"""

OTHER_SONG = """[Verse]
Lend me the voice of the harbour
I will be back with the tide"""

STYLE = "pop, acoustic guitar, female vocals, 110 bpm"
MODEL = "sonic-v3-5"
POLL_SECONDS = 1.0


class Service:
    """The service at ``base``, asked with ``key``."""

    def __init__(self, base: str, key: str) -> None:
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send ``body``, or without one just ask; return the answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._base}/api/v1{path}", data, self._headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {json.load(error)['message']}") from None

    def make(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Have a task done and wait for it; return its clips."""
        task_id = self.ask(path, body)["task_id"]
        while True:
            answer = self.ask(f"/sonic/task/{task_id}")
            clips = answer.get("data", [])
            if clips and all(clip["state"] in ("succeeded", "failed") for clip in clips):
                break
            time.sleep(POLL_SECONDS)
        for clip in clips:
            if clip["state"] == "failed":
                raise SystemExit(f"{path}: {clip['error_message']}")
        return list(clips)

    def fetch(self, url: str) -> bytes:
        """Return the file at an address that the service gave away."""
        with urllib.request.urlopen(url) as answer:
            return bytes(answer.read())


class Story:
    """The steps of the day; what each made is kept in ``out``."""

    def __init__(self, service: Service, out: Path) -> None:
        self._service = service
        self._out = out

    def tell(self) -> None:
        """Go through the day."""
        song = self.keep("1 song", self.create(task_type="create_music", prompt=SONG, tags=STYLE, title="Paper Boats"))
        longer = self.keep("2 second verse", self.extend(song, SECOND_VERSE))
        ending = self.keep("3 ending", self.extend(longer, ENDING))
        whole = self.keep("4 whole song", self.create(task_type="concat_music", continue_clip_id=ending["clip_id"]))
        mended = self.keep("5 another second verse", self.replace_second_verse(whole))
        self.keep("6 bossa nova", self.cover(mended, "bossa nova, nylon guitar"))
        self.keep("7 another song", self.sing_with_the_voice_of(song))
        self.take_apart(mended)

    def keep(self, name: str, clips: list[dict[str, Any]]) -> dict[str, Any]:
        """Keep the first clip's MP3 and return the clip."""
        clip = clips[0]
        (self._out / f"{name}.mp3").write_bytes(self._service.fetch(clip["audio_url"]))
        print(f"{name}: “{clip['title']}”, {clip['duration']} s, seed {clip['seed']}", flush=True)
        return clip

    def create(self, **body: Any) -> list[dict[str, Any]]:
        """Have a task of ``/sonic/create`` done."""
        return self._service.make("/sonic/create", {"custom_mode": True, "mv": MODEL, "seed": 7, **body})

    def extend(self, clip: dict[str, Any], words: str) -> list[dict[str, Any]]:
        """Go on where the song's last bars begin to ring out."""
        at = max(float(clip["duration"]) - 4.0, 1.0)
        return self.create(task_type="extend_music", continue_clip_id=clip["clip_id"], continue_at=at, prompt=words)

    def replace_second_verse(self, clip: dict[str, Any]) -> list[dict[str, Any]]:
        """Find out when the second verse is sung, and have other words sung there."""
        words = self._service.ask("/sonic/aligned-lyrics", {"clip_id": clip["clip_id"]})["data"]["alignment"]
        first = next(number for number, word in enumerate(words) if "[Verse 2]" in word["word"])
        later = next(word for word in words[first + 1 :] if "[" in word["word"])
        start, stop = words[first]["start_s"], later["start_s"]
        body = {
            "clip_id": clip["clip_id"],
            "infill_start_s": start,
            "infill_end_s": stop,
            "infill_lyrics": NEW_SECOND_VERSE,
            "prompt": clip["lyrics"],
            "seed": 7,
        }
        return self._service.make("/sonic/replace-section", body)

    def cover(self, clip: dict[str, Any], style: str) -> list[dict[str, Any]]:
        """Have the same tune and words in another style."""
        return self.create(task_type="cover_music", continue_clip_id=clip["clip_id"], tags=style, audio_weight=0.8)

    def sing_with_the_voice_of(self, clip: dict[str, Any]) -> list[dict[str, Any]]:
        """Keep who sings in a song, and have them sing a new one."""
        body = {"name": "Harbour voice", "clip_id": clip["clip_id"], "describe": "Who sang of paper boats"}
        persona_id = self._service.ask("/sonic/persona", body)["persona_id"]
        return self.create(task_type="persona_music", persona_id=persona_id, prompt=OTHER_SONG, tags="folk, 100 bpm")

    def take_apart(self, clip: dict[str, Any]) -> None:
        """Have every stem made, and put the lossless files into one ZIP."""
        stems = self._service.make("/sonic/stems/full", {"clip_id": clip["clip_id"]})
        with zipfile.ZipFile(self._out / "8 stems.zip", "w") as archive:
            for stem in stems:
                url = self._service.ask("/sonic/wav", {"clip_id": stem["clip_id"]})["data"]["wav_url"]
                archive.writestr(f"{stem['stem']}.wav", self._service.fetch(url))
        print(f"8 stems: {', '.join(stem['stem'] for stem in stems)}", flush=True)


def main() -> None:
    """Read the command line and go through the day."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("key", help="an API key; descant keys create makes one")
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="where the service answers")
    parser.add_argument("--out", type=Path, default=Path("my-songs"), help="a folder for what is made")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    service = Service(chosen.base, chosen.key)
    before = service.ask("/get-credits")["credits"]
    Story(service, chosen.out).tell()
    print(f"That was {before - service.ask('/get-credits')['credits']} credits.")


if __name__ == "__main__":
    main()
