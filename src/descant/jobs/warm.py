"""Imported in the server that children are forked from: loads the default engine, so that songs begin at once.

The compiled kernels and modules loaded here are shared by all children. A fault is left for the first song to
report, with its reason, where someone can see it.
"""

import logging

from descant.jobs import making

try:
    making.engine(making.SCORE_ENGINE)
except Exception:
    logging.getLogger(__name__).warning("the engine could not be loaded beforehand", exc_info=True)
