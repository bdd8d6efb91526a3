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
pip --no-deps --editable .
