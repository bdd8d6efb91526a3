#!/usr/bin/env bash
# system-packages.sh [develop]: install the Debian or Ubuntu packages that Descant uses, when they are missing, and with
# "develop" those its tests use besides. Asks nothing without a terminal.
set -euo pipefail

packages=(
  python3-venv
  musescore-general-soundfont-lossless                                       # the instruments
  festival festlex-cmu festlex-poslex festvox-us-slt-hts htsengine libflite1 # the singers
)
if [ "${1:-}" = develop ]; then
  packages+=(
    espeak-ng # other languages' sounds, with which timbre maps are learned and words in them measured
    python3-dev g++ # the pitch tracker that checks the singer is compiled
    libfluidsynth3 fluidsynth timgm6mb-soundfont # the synthesizer that checks the sampler, and other sounds to listen to
  )
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "descant: these packages are missing and there is no apt-get to install them: ${missing[*]}" >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "descant: run as root, or install these packages first: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
  [ -t 0 ] || as_root=(sudo -n)
fi

echo "descant: installing ${missing[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
