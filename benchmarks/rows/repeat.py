"""Row 10: the same request gives the same bytes, another seed another song."""

import hashlib

from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.engines import protocol


def figures(first: Take, second: Take) -> list[Figure]:
    """Return the figure of row 10 from two takes of one case made by two processes."""
    digests = [hashlib.sha256((t.folder / protocol.WAV_FILE).read_bytes()).hexdigest() for t in (first, second)]
    same = digests[0] == digests[1]
    return [Figure("10", "WAV of one seed, made twice", "identical" if same else "differs", "identical", same)]
