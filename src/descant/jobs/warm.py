"""Imported in the server that children are forked from: warms the default engine up, so that songs begin at once.

Modules, the sound bank, the lexicon and the compiled kernels loaded here are shared by all children. Nothing may stay
running: a thread would be lost in the fork, with the locks it holds. A fault is left for the first song to report,
with its reason, where someone can see it.
"""

import logging
import threading

from descant.engines import extraction, recordings  # noqa: F401 - for the children that take stems out, or files in
from descant.jobs import making

_log = logging.getLogger(__name__)

try:
    making.engine(making.SCORE_ENGINE).warm()
except Exception:
    _log.warning("the engine could not be warmed up", exc_info=True)
if threading.active_count() > 1:
    _log.warning("warming up left threads behind: %s", threading.enumerate())
