#!/usr/bin/env bash
# Runs a command whose temporary files lie in memory, where there is room for them: tests make and remove
# files by the ten thousand and sync many, and stood waiting for the disk. TMPDIR=... puts them elsewhere, and
# keeps them.
set -euo pipefail

ROOM_KB=$((8 * 1024 * 1024)) # what the slow tests leave is less
disk=/dev/shm

room() { df -Pk "$disk" 2>/dev/null | awk 'NR == 2 {print $4}'; }
memory() { awk '/^MemAvailable:/ {print $2}' /proc/meminfo 2>/dev/null; }

if [ -z "${TMPDIR:-}" ] && [ -w "$disk" ] &&
  [ "$(room || echo 0)" -ge "$ROOM_KB" ] && [ "$(memory || echo 0)" -ge $((2 * ROOM_KB)) ]; then
  # Short, for sockets have names of a hundred characters at most; open to all as /tmp is, for some tests are
  # somebody else.
  TMPDIR=$(mktemp -d "$disk/mlXXXX")
  chmod 1777 "$TMPDIR"
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
fi
"$@"
