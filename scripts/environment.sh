#!/usr/bin/env bash
# environment.sh PYTHON FOLDER REQUIREMENTS: make the virtual environment and install the hashed requirements into it.
set -euo pipefail
python=$1 folder=$2 requirements=$3

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "descant: $python is missing or older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2
  exit 1
fi
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements" </dev/null
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable . </dev/null
