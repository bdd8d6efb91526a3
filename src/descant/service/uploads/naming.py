"""What a recording is called when nobody says: by its file."""

import re
from urllib.parse import unquote, urlsplit

from descant.net.destinations import URL_MAX

LONGEST_URL = URL_MAX
"""Characters of the longest address that is asked."""

UNNAMED = "Recording"

_LONGEST = 80
"""Characters of a title (contract/sonic.md §1.2)."""

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_GAPS = re.compile(r"[\s_\x00-\x1f\x7f/\\]+")


def of_url(url: str) -> str:
    """Return a title from the last part of a URL's path."""
    path = urlsplit(url).path
    return of_file(unquote(path.rpartition("/")[2], errors="replace"))


def of_file(name: str) -> str:
    """Return a title from the name of a file: without its ending and folders, with spaces where there were gaps."""
    last = re.split(r"[/\\]", name)[-1]
    return _GAPS.sub(" ", _ENDING.sub("", last)).strip(" .")[:_LONGEST].strip() or UNNAMED
