"""``python -m training notes|drums|chords|keys|separation|beats|leads``: train a network, or fit weights, anew."""

import sys
from importlib import import_module

RECIPES = ("notes", "drums", "chords", "keys", "separation", "beats", "leads")

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in RECIPES:
        sys.exit(f"usage: python -m training {'|'.join(RECIPES)}")
    import_module(f"training.{sys.argv[1]}").train()
