"""``python -m descant`` is the ``descant`` command."""

from descant.cli import main

if __name__ == "__main__":
    main()
