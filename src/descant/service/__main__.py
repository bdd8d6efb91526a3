"""A worker process: ``python -m descant.service``, as the supervisor starts it. For people there is ``descant``."""

import logging
import sys

from descant import settings
from descant.service import serving
from descant.service.errors import Unavailable

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        serving.work(settings.read())
    except (Unavailable, settings.SettingsError, OSError) as error:
        sys.exit(f"descant worker: {error}")
