#!/usr/bin/env bash
# setup.sh VENV [PYTHON] : make the virtual environment VENV with MedLabeler and its pinned packages in it.
# PYTHON: an interpreter to use; without it the first of python3.11, 3.12, 3.13 and python3 that works.
set -euo pipefail

venv="$1"
wanted="${2:-}"
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/.."

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }

python=""
for candidate in ${wanted:-python3.11 python3.12 python3.13 python3}; do
  if suits "$candidate"; then python="$candidate"; break; fi
done
if [[ -z "$python" ]]; then
  if [[ -n "$wanted" ]]; then
    echo "$wanted does not run or is not Python 3.11, 3.12 or 3.13." >&2
  else
    echo "No Python 3.11, 3.12 or 3.13 was found; name one with: make PYTHON=/path/to/python3.11" >&2
  fi
  exit 1
fi

if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  if [[ -x /usr/bin/apt-get && "$("$python" -c 'import sys; print(sys.base_prefix)')" == /usr ]]; then
    "$here/system-packages.sh" python
  else
    echo "$python has no module ensurepip, so it cannot make a virtual environment; choose another with make PYTHON=..." >&2
    exit 1
  fi
fi

suits "$venv/bin/python" || "$python" -m venv --clear "$venv"

echo "Installing MedLabeler into $venv (the first time: a few minutes, up to 2 GB; with an NVIDIA card more)"
# The same pins for the build back end: older pips read the one variable, newer ones the other.
export PIP_CONSTRAINT="$here/constraints.txt" PIP_BUILD_CONSTRAINT="$here/constraints.txt"
export PYTHONUNBUFFERED=1
"$venv/bin/python" -m pip install --disable-pip-version-check -c "$here/constraints.txt" -e ".[dev,heic,offline,onnx,parquet,serve,slides]" |
  while read -r verb what _; do
    case "$verb" in
      Collecting) echo "  ${what%%[<>=\!~\;(]*}" ;;
      Installing) [[ "$what" != collected ]] || echo "  Installing the packages ..." ;;
      Successfully) [[ "$what" != installed ]] || echo "  Installed." ;;
    esac
  done
