#!/usr/bin/env bash
# A real Bluesky on loopback, for tests: identity directory, personal data server and AppView from the npm packages of
# its makers, and a search of our own (network.mjs), all in one node process. Needs node 20 or newer with npm, a C++
# compiler and make (one module is compiled), and an empty database on a PostgreSQL that runs.
#
#   start.sh install    put the packages into $BACKCHANNEL_BSKY_DIR/npm, once: about 360 MB, two to four minutes
#   start.sh start      a new, empty network; prints what it is made of as JSON
#   start.sh stop       stop it; nothing of it is kept
#
# Environment: BACKCHANNEL_BSKY_DIR (default /var/tmp/backchannel-bluesky), BACKCHANNEL_BSKY_DB (postgresql://...),
#   BACKCHANNEL_BSKY_PORT (default 2583; the three after it are taken too), BACKCHANNEL_BSKY_ACCOUNTS
#   (default qcommunity,asha,bryn: each becomes NAME.test), BACKCHANNEL_BSKY_PASSWORD (theirs).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export BACKCHANNEL_BSKY_DIR=${BACKCHANNEL_BSKY_DIR:-/var/tmp/backchannel-bluesky}
export BACKCHANNEL_BSKY_PORT=${BACKCHANNEL_BSKY_PORT:-2583}
npm_dir=$BACKCHANNEL_BSKY_DIR/npm
run_dir=$BACKCHANNEL_BSKY_DIR/run

die() { printf 'start.sh: %s\n' "$*" >&2; exit 1; }

needs() {
  local lack=() tool
  for tool in node npm g++ make; do command -v "$tool" >/dev/null || lack+=("$tool"); done
  [ ${#lack[@]} -eq 0 ] || die "missing: ${lack[*]}"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "missing: node 20 or newer (this is $(node -v))"
}

install() {
  needs
  local want
  want=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum; node -v)
  [ "$(cat "$npm_dir/.installed" 2>/dev/null || true)" = "$want" ] && return 0
  rm -rf "$npm_dir"
  mkdir -p "$npm_dir"
  cp "$here/package.json" "$here/package-lock.json" "$npm_dir/"
  cd "$npm_dir"
  npm ci --no-audit --no-fund --ignore-scripts >&2
  # Only this one is built from source, against node's own headers where they are on disk.
  [ -e /usr/include/node/node.h ] && export npm_config_nodedir=/usr
  npm_config_build_from_source=true MAKEFLAGS=-j2 npm rebuild better-sqlite3 >&2
  node -e "require('better-sqlite3')(':memory:')" || die "better-sqlite3 was not built"
  printf '%s' "$want" >"$npm_dir/.installed"
}

alive() { # the process of ours, not a recycled number
  local pid; pid=$(cat "$run_dir/pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF network.mjs
}

stop() {
  if alive; then
    local pid; pid=$(cat "$run_dir/pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -rf "$run_dir"
}

start() {
  [ -n "${BACKCHANNEL_BSKY_DB:-}" ] || die "set BACKCHANNEL_BSKY_DB to the address of an empty PostgreSQL database"
  install
  stop
  mkdir -p "$run_dir/data"
  ln -s "$npm_dir/node_modules" "$run_dir/node_modules"
  cp "$here/network.mjs" "$run_dir/"
  cd "$run_dir"
  LOG_ENABLED=false setsid node network.mjs >log 2>&1 </dev/null &
  echo $! >pid
  for _ in $(seq 1200); do
    [ -s ready.json ] && break
    alive || break
    sleep 0.1
  done
  [ -s ready.json ] || { tail -20 log >&2; die "the network did not start"; }
  cat ready.json
}

case ${1:-} in
  install) install ;;
  start) start ;;
  stop) stop ;;
  *) sed -n '2,13p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
esac
