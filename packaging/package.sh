#!/usr/bin/env bash
# package.sh VENV : build the sdist, and from it the wheel, into dist/; install the wheel as a user does, into a
# fresh environment in a folder of its own, and try it there (smoke.py).
set -euo pipefail

venv="$(cd "$1" && pwd)"
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/.."

rm -rf dist
"$venv/bin/python" -m build --no-isolation --outdir dist . >/dev/null
wheel="$(echo "$PWD"/dist/medlabeler-*.whl)"
ls -lh dist
"$venv/bin/python" "$here/smoke.py" contents dist

elsewhere="$(mktemp -d)"
trap 'rm -rf "$elsewhere"' EXIT
cp "$here/smoke.py" "$elsewhere"
echo "Installing the wheel into a fresh environment"
"$venv/bin/python" -m venv "$elsewhere/venv"
"$elsewhere/venv/bin/python" -m pip install --quiet --disable-pip-version-check -c "$here/constraints.txt" "$wheel[offline]"
cd "$elsewhere"
env -u PYTHONPATH MEDLABELER_HOME="$elsewhere/home" HF_HUB_OFFLINE=1 QT_QPA_PLATFORM=offscreen \
  "$elsewhere/venv/bin/python" smoke.py program
