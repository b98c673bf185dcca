#!/bin/sh
# coverage.sh COVERAGE_BUILD FUZZ_BUILD: replays the committed inputs, and those that earlier
# searches have kept, and prints for each target how much of its parsers' lines they run through.
# Fails if that is less than 85 % for one of them, or a target's parsers stand nowhere.
set -eu

build=$1
kept=$2/corpus
least=85
here=$(dirname "$0")
profdata=$(command -v llvm-profdata-19 || command -v llvm-profdata)
cov=$(command -v llvm-cov-19 || command -v llvm-cov)

# target: its parser's files; FILE/REGEX: the functions of that name in it
parsers="
callback: proto/minimax/callback.cpp/read_ proto/useapi/callback.cpp/read_
chat_lines: cli/folding.cpp proto/minimax/batch_file.cpp
config: daemon/config.cpp daemon/config_toml.cpp daemon/config_sections.cpp daemon/config_account.cpp
dropped_file: daemon/import_pieces.cpp
event_stream: cli/event_reading.cpp
form_body: daemon/gateway/multipart_body.cpp
http_reply: workers/http_reply_reader.cpp
http_request: daemon/http_reader.cpp
job_line: proto/batch_line.cpp proto/job_json.cpp proto/job_fields.cpp proto/json_fields.cpp proto/canonical_json.cpp proto/references.cpp
mcp_message: proto/mcp/message.cpp proto/mcp/arguments.cpp proto/mcp/server.cpp
session_frames: proto/minimax/t2a_session.cpp proto/minimax/text_pieces.cpp
spooled_reply: workers/spool.cpp/parse_
stored_rows: proto/record.cpp proto/fields.cpp queue/rows.cpp
upstream_reply: proto/minimax/envelope.cpp proto/minimax/audio_reply.cpp proto/event_stream.cpp proto/minimax/[bcefilmtv]*.cpp/on_(submit|poll|link|cancel|list)|extract|Pieces|listed_|read_list|uploaded proto/useapi/answer.cpp proto/useapi/scheduler.cpp/running|listed_|polled_|add_agents|is_fresh|id_of proto/useapi/[afimpsv]*.cpp/on_(submit|poll|link|cancel|list)|extract|listed_|taken|standing_of|read_|uploaded
"

# reached TARGET FILE…: "TARGET PERCENT LINES"
reached() {
    target=$1
    shift
    inputs=$here/corpus/$target
    [ ! -d "$kept/$target" ] || inputs="$inputs $kept/$target"
    # shellcheck disable=SC2086  # a list of directories
    LLVM_PROFILE_FILE=$build/$target.raw "$build/bin/fuzz_$target" $inputs -runs=0 >/dev/null 2>&1
    "$profdata" merge -o "$build/$target.profdata" "$build/$target.raw"
    for part; do
        names=${part#*.cpp}
        # shellcheck disable=SC2086  # a pattern of files
        "$cov" report -show-functions -instr-profile "$build/$target.profdata" \
            "$build/bin/fuzz_$target" ${part%"$names"} |
            awk -v names="${names#/}" '/^_Z|:_Z/ && $1 ~ names { print $5, $6 }'
    done | awk -v target="$target" '{ lines += $1; missed += $2 }
        END { print target, (lines > 0 ? 100 * (lines - missed) / lines : 0), lines + 0 }'
}

for directory in "$here"/corpus/*; do
    target=${directory##*/}
    files=$(echo "$parsers" | sed -n "s/^$target: //p")
    # shellcheck disable=SC2086  # a list of patterns
    reached "$target" $files
done | awk -v least="$least" '{
        printf "%-16s %6.1f%% of %d lines%s\n", $1, $2, $3, $2 < least ? "   TOO FEW" : ""
        low += $2 < least
    } END { exit low > 0 }'
