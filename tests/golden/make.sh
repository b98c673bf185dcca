#!/usr/bin/env bash
# Makes the golden state directory of today's format: what a daemon leaves that was killed in the
# middle of many things. Once for each format; tests/queue/golden_test.cpp opens them all, for ever.
# usage: make.sh BIN_DIR OUT_DIR
set -euo pipefail

bin=${1:?usage: make.sh BIN_DIR OUT_DIR}
out=${2:?usage: make.sh BIN_DIR OUT_DIR}
home=$(mktemp -d /tmp/genspool-golden.XXXXXX)
state=$home/state
export GENSPOOL_SOCKET=$home/socket GOLDEN_KEY=golden-main-key GOLDEN_OTHER_KEY=golden-other-key
upstream='' daemon=''

main() {
    trap stop_all EXIT
    start_upstream
    start_daemon
    finished_jobs
    a_batch
    stop_daemon  # what it wrote so far lies in tables from the next start on, the rest in the log
    start_daemon
    jobs_at_work
    kill -KILL "$daemon"
    wait "$daemon" || true
    keep
}

start_upstream() {
    "$bin/genspool-sim" --port-file "$home/port" --truth "$home/truth" --latency 0 --seed 1 &
    upstream=$!
    until test -s "$home/port"; do sleep 0.05; done
    cat >"$home/genspool.toml" <<TOML
[daemon]
state_dir = "$state"
socket = "$GENSPOOL_SOCKET"
[inbox]
settle = "50ms"
[fetch]
private_hosts = true
[disk]
reserve = 0
$(account main GOLDEN_KEY)
$(account spare GOLDEN_OTHER_KEY)
TOML
}

start_daemon() {
    "$bin/genspoold" --config "$home/genspool.toml" >>"$home/log" 2>&1 &
    daemon=$!
    until test -S "$GENSPOOL_SOCKET"; do sleep 0.05; done
}

stop_daemon() {
    kill -TERM "$daemon"
    wait "$daemon"
}

account() {
    cat <<TOML
[[account]]
name = "$1"
provider = "minimax"
base_url = "http://127.0.0.1:$(<"$home/port")"
api_key_env = "$2"
slots = 1
rpm = 0
poll = { min = "50ms", max = "100ms" }
TOML
}

# hand_in PATH JSON [HEADER]: prints the id.
hand_in() {
    curl -sS --unix-socket "$GENSPOOL_SOCKET" "http://genspool$1" -H "Content-Type: application/json" \
        ${3:+-H "$3"} --data-binary "$2" | sed -E 's/.*"id":"([0-9A-Z]+)".*/\1/'
}

job() { # job KIND REQUEST [MORE]
    hand_in /v1/jobs "{\"kind\":\"$1\",\"request\":$2${3:+,$3}}"
}

finished_jobs() {
    local image='"model":"image-01","prompt"' id
    id=$(job image "{$image:\"a kite\",\"n\":2}" '"custom_id":"kite","labels":{"film":"reel-3"}')
    "$bin/genspool" wait "$id"
    id=$(job music '{"model":"music-2.6","prompt":"a waltz","lyrics":"la la"}' '"account":"main"')
    "$bin/genspool" wait "$id"
    "$bin/genspool" wait "$(job image "{$image:\"[[refuse:1026]]\"}" '"account":"main"')" || true
    "$bin/genspool" wait "$(job image "{$image:\"[[drop]]\"}" '"account":"spare"')" || true
    job music '{"model":"music-2.6","prompt":"[[refuse:1008]]","lyrics":"la"}' '"account":"spare"'
    hand_in /v1/jobs "{\"kind\":\"image\",\"request\":{$image:\"once\"},\"account\":\"main\"}" \
        'Idempotency-Key: once'
}

a_batch() {
    cat >"$state/inbox/.shots" <<'JSONL'
{"kind":"image","request":{"model":"image-01","prompt":"one"},"custom_id":"one","account":"main"}
{"kind":"image","request":{"model":"image-01"},"custom_id":"two"}
{"kind":"image","request":{"model":"image-01","prompt":"[[refuse:1026]]"},"custom_id":"three","account":"main"}
JSONL
    mv "$state/inbox/.shots" "$state/inbox/shots.jsonl"
    until test -e "$state/results/shots.done"; do sleep 0.05; done
}

jobs_at_work() {
    local video='"model":"MiniMax-Hailuo-02","prompt"' id
    id=$(job video "{$video:\"[[slow:3600]]\"}" '"account":"main"')
    until "$bin/genspool" ls --state running --json | grep -q "$id"; do sleep 0.05; done
    job video "{$video:\"waits\"}" '"account":"main","priority":7,"max_cost":0.9'
    job video "{$video:\"later\"}" '"account":"main","not_before":"+1h","deadline":"+48h"'
    "$bin/genspool" cancel "$(job video "{$video:\"not wanted\"}" '"account":"main"')"
    "$bin/genspool" pause spare --reason "waiting for the invoice"
}

keep() {
    mkdir -p "$out"
    rm -rf "$state"/db/{LOG*,LOCK,OPTIONS-*} "$state"/run/lock "$state"/artifacts
    cp -r "$state"/. "$out"
    find "$out" -type d -empty -delete
    du -sh "$out"
}

stop_all() {
    for process in $daemon $upstream; do kill "$process" 2>/dev/null || true; done
    rm -rf "$home"
}

main
