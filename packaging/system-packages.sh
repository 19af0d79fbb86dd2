#!/usr/bin/env bash
# system-packages.sh GROUP... : see that the Debian packages of these groups are there.
# Installs what is missing when root, otherwise names the exact line to run and fails.
# On systems without dpkg there is nothing to check and nothing is said.
set -euo pipefail

command -v dpkg-query >/dev/null || exit 0
list="$(dirname "$0")/system-packages.txt"

# Installed names and what they provide: Debian 13 has libglib2.0-0t64, which provides libglib2.0-0.
installed=" $(dpkg-query -W -f='${db:Status-Abbrev} ${Package}, ${Provides}\n' | sed -n 's/^.i //p' | sed 's/([^)]*)//g' | tr ',\n' '  ') "
missing=()
for group in "$@"; do
  while read -r package; do
    [[ "$installed" == *" $package "* ]] || missing+=("$package")
  done < <(awk -v group="[$group]" '/^\[/ { inside = ($1 == group); next } inside && /^[a-z]/ { print $1 }' "$list")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ "$(id -u)" == 0 ]]; then
  echo "Installing system packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "System packages are missing. Run this, then make again:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
  exit 1
fi
