"""Lets tests share the small songs and the measures that lie in ``tests/compose/band``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "band"))
