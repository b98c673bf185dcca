#!/usr/bin/env bash
# genspool at work, against an upstream that is played on this machine: no network, no bill.
# usage: demo.sh BIN_DIR
set -euo pipefail

bin=${1:?usage: demo.sh BIN_DIR}
parent=${TMPDIR:-/tmp}
((${#parent} < 70)) || parent=/tmp  # a unix socket's path has room for 107 characters
home=$(mktemp -d "$parent/genspool-demo.XXXXXX")
state=$home/state
truth=$home/upstream.jsonl
export GENSPOOL_SOCKET=$home/genspool.sock
export DEMO_KEY=demo-key-of-nobody
patience=45  # seconds for any one thing
upstream='' daemon=''

main() {
    trap stop_all EXIT
    trap 'exit 130' INT TERM
    start_upstream
    start_daemon
    drop_a_file
    ask_for_two
    pull_the_plug
    await_batch
    show_results
    check_everything
    stop_in_order
    heading "Done"
    tell "All of it is in $home"
    tell "Videos, voices, songs and pictures: $state/artifacts"
    tell_of_browser
}

tell_of_browser() {
    tell "To see them in a browser, type this, then open http://127.0.0.1:7788/ with that token:"
    cat <<LINES
  printf '[http]\nlisten = "127.0.0.1:7788"\ntoken_file = "$home/token"\n' >> $home/genspool.toml
  $bin/genspool token add me --admin --file $home/token
  DEMO_KEY=$DEMO_KEY $bin/genspoold --config $home/genspool.toml
LINES
}

start_upstream() {
    heading "An upstream to practise on, and the daemon"
    "$bin/genspool-sim" --port-file "$home/port" --truth "$truth" --latency 2s \
        --seed 7 >"$home/upstream.log" 2>&1 &
    upstream=$!
    await "the simulated upstream" test -s "$home/port"
    cat >"$home/genspool.toml" <<TOML
[daemon]
state_dir = "$state"
socket = "$GENSPOOL_SOCKET"

[inbox]
settle = "100ms"

[fetch]
private_hosts = true      # the simulated upstream is on this machine

[disk]
reserve = "64M"

[[account]]
name = "main"
provider = "minimax"
base_url = "http://127.0.0.1:$(<"$home/port")"
api_key_env = "DEMO_KEY"
slots = { video = 6 }
rpm = 0                   # a real account has limits; its jobs wait for them
poll = { min = "200ms", max = "1s" }
TOML
    tell "the configuration, 20 lines: $home/genspool.toml"
}

start_daemon() {
    "$bin/genspoold" --config "$home/genspool.toml" >>"$home/genspoold.log" 2>&1 &
    daemon=$!
    await "the daemon" daemon_answers
}

# Markers such as [[slow:9]] are for the simulated upstream.
drop_a_file() {
    heading "A file with 12 jobs, dropped into $state/inbox"
    sed 's|}$|, "output": "reel/{custom_id}{-n}{ext}"}|' >"$home/reel.jsonl" <<'JSONL'
{"custom_id": "shot-1", "kind": "video", "request": {"model": "MiniMax-Hailuo-02", "prompt": "a lighthouse at dusk, slow pan [[slow:9]]", "duration": 6, "resolution": "768P"}}
{"custom_id": "shot-2", "kind": "video", "request": {"model": "MiniMax-Hailuo-02", "prompt": "waves against the rocks [[slow:8]]"}}
{"custom_id": "shot-3", "kind": "video", "request": {"model": "MiniMax-Hailuo-2.3", "prompt": "the keeper climbs the stairs"}}
{"custom_id": "shot-4", "kind": "video", "request": {"model": "MiniMax-Hailuo-02", "prompt": "a boat comes home", "resolution": "4K"}}
{"custom_id": "shot-5", "kind": "video", "request": {"model": "MiniMax-Hailuo-02", "prompt": "something the upstream will not draw [[refuse:1026]]"}}
{"custom_id": "voice-1", "kind": "tts", "request": {"model": "speech-2.8-hd", "text": "Every night he lit the lamp.", "voice_setting": {"voice_id": "English_Graceful_Lady"}}}
{"custom_id": "voice-2", "kind": "tts", "request": {"model": "speech-2.8-hd", "text": "One night nobody came.", "voice_setting": {"voice_id": "English_Graceful_Lady"}}}
{"custom_id": "song-1", "kind": "music", "request": {"model": "music-2.6", "prompt": "shanty, accordion", "lyrics": "[Verse]\nHaul away, haul away"}}
{"custom_id": "song-2", "kind": "music", "request": {"model": "music-2.6", "prompt": "calm piano", "is_instrumental": true}}
{"custom_id": "words-1", "kind": "lyrics", "request": {"mode": "write_full_song", "prompt": "a song about a lamp"}}
{"custom_id": "poster-1", "kind": "image", "request": {"model": "image-01", "prompt": "film poster, lighthouse", "n": 2}}
{"custom_id": "poster-2", "kind": "image", "request": {"model": "image-01", "prompt": "film poster, a boat"}}
JSONL
    # Written elsewhere and renamed in: taken at once.
    cp "$home/reel.jsonl" "$state/inbox/.reel.jsonl"
    mv "$state/inbox/.reel.jsonl" "$state/inbox/reel.jsonl"
    await "the file to be taken" test -e "$state/accepted/reel.jsonl"
    show batches
}

ask_for_two() {
    heading "Two more from the command line"
    show run video --model MiniMax-Hailuo-02 --prompt "a fox in the snow"
    show submit tts --model speech-2.8-hd --prompt "Hello from the spooler." \
        --set voice_setting.voice_id=English_Graceful_Lady --wait
}

pull_the_plug() {
    heading "kill -9 to the daemon, with videos in the making upstream"
    await "everything to be submitted" all_submitted
    show ls --state running
    kill -KILL "$daemon"
    wait "$daemon" 2>/dev/null || true
    tell "killed, and started again:"
    start_daemon
    show ls --state running
}

await_batch() {
    heading "It goes on where it was"
    await "the batch to end" test -e "$state/results/reel.done"
    show batches
}

show_results() {
    heading "Results, one JSON line a job, in $state/results"
    (cd "$state/results" && wc -l -- reel.jsonl reel.errors.jsonl | sed '/total$/d')
    tell "what failed says why:"
    sed -E 's/.*"custom_id":"([^"]*)".*"error":\{[^}]*"message":"(([^"\]|\\.)*)".*/  \1: \2/; s/\\"/"/g' \
        "$state/results/reel.errors.jsonl"
    heading "What it cost"
    show accounts
    tell "(genspool ledger lists every purchase)"
}

check_everything() {
    heading "Every file is whole, and is what was bought"
    local file files=0
    while read -r file; do
        is_bought "$file" || fail "$file is not what the upstream sold"
        printf '  %-34s %s\n' "${file#"$state/artifacts/"}" "$(probe "$file")"
        files=$((files + 1))
    done < <(find "$state/artifacts" -type f | sort)
    # One file of each job that succeeded, two of the one that wanted two; the lyrics are words.
    ((files == 12)) || fail "there are $files artifacts, not 12"
    [[ $(wc -l <"$truth") == 12 ]] || fail "the upstream sold $(wc -l <"$truth") jobs, not 12"
    [[ -z $(grep -o '"prompt":"[^"]*"' "$truth" | sort | uniq -d) ]] || fail "bought twice"
    tell "12 jobs bought, each once; $files files; their SHA-256 are the upstream's own."
}

probe() {
    local seen
    seen=$(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$1") ||
        fail "ffprobe cannot read $1"
    echo "$seen, $(stat -c %s "$1") bytes"
}

is_bought() { grep -q "$(sha256sum "$1" | cut -d' ' -f1)" "$truth"; }

stop_in_order() {
    local code=0
    kill -TERM "$daemon"
    wait "$daemon" || code=$?
    daemon=''
    ((code == 0)) || fail "the daemon ended with $code"
    kill -TERM "$upstream"
    wait "$upstream" || true
    upstream=''
}

daemon_answers() { "$bin/genspool" stats >"$home/stats" 2>&1; }

all_submitted() {
    "$bin/genspool" stats --json >"$home/stats"
    grep -Eq '"queued": ?0,' "$home/stats" && grep -Eq '"submitting": ?0,' "$home/stats" &&
        grep -Eq '"fetching": ?0,' "$home/stats"
}

# await WHAT COMMAND...: until the command succeeds.
await() {
    local what=$1 until=$((SECONDS + patience))
    shift
    until "$@"; do
        ((SECONDS < until)) || fail "waited ${patience}s for $what"
        [[ -z $daemon ]] || kill -0 "$daemon" 2>/dev/null || fail "the daemon is gone"
        sleep 0.1
    done
}

show() {
    echo "${dim}\$ genspool ${*@Q}${plain}" | sed "s/'\([A-Za-z0-9._=:-]*\)'/\1/g"
    "$bin/genspool" "$@"
}

if [[ -t 1 ]]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi
heading() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
tell() { printf '%s\n' "$1"; }
fail() {
    printf 'demo: %s\n(logs and files: %s)\n' "$1" "$home" >&2
    exit 1
}

stop_all() {
    local pid
    for pid in $daemon $upstream; do
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}

main
