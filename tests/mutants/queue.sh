#!/usr/bin/env bash
# Breaks the queue on purpose, one way at a time, and expects the random lives of
# tests/queue/promises_test.cpp to notice: a check that cannot fail proves nothing.
# usage: tests/mutants/queue.sh [NAME-PART | --check]      SEEDS=60: lives to try on each mutant
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
# shellcheck source=tests/mutants/fit.sh
. tests/mutants/fit.sh

only=${1:-}
seeds=${SEEDS:-60}
work=$(mktemp -d "${TMPDIR:-/tmp}/genspool-mutants.XXXXXX")
trap 'rm -rf "$work"' EXIT
survivors=0
count=0
zero= # files are read line by line; for check()

compiler=(g++)
! command -v ccache >/dev/null || compiler=(ccache g++)
flags=(-std=c++20 -O1 -Wno-maybe-uninitialized)
libraries=(-lrocksdb -lboost_json -lboost_url -lboost_container -lpthread)
! command -v mold >/dev/null || libraries+=(-fuse-ld=mold)

main() {
    if [[ $only == --check ]]; then
        check
        return
    fi
    mkdir -p "$work/sound/tests/queue" "$work/objects"
    cp -r proto queue "$work/sound/"
    cp -r tests/support "$work/sound/tests/"
    cp tests/queue/promises_test.cpp "$work/sound/tests/queue/"
    cp -r "$work/sound" "$work/tree"
    sources=(proto/*.cpp queue/*.cpp tests/support/forgetful_*.cpp tests/support/queue_world.cpp
        tests/support/doctest_main.cpp tests/queue/promises_test.cpp)
    echo "compiling the queue as it is"
    compile_all
    link "$work/queue"
    if ! lives "$work/queue"; then
        echo "the queue breaks a promise even before it is mutated: $noticed" >&2
        exit 1
    fi
    printf '%-48s %s\n' "mutant" "noticed by"
    mutants
    printf '%d mutants, %d survived\n' "$count" "$survivors"
    ((survivors == 0 && count > 0))
}

compile_all() {
    local source running=0
    for source in "${sources[@]}"; do
        compile "$source" &
        ((++running < $(nproc))) || wait -n
    done
    wait
}

compile() {
    (cd "$work/tree" &&
        "${compiler[@]}" "${flags[@]}" -I. -c "$1" -o "$work/objects/${1//\//_}.o")
}

link() { g++ -o "$1" "$work"/objects/*.o "${libraries[@]}"; }

# lives PROGRAM: true if all promises are kept in every life; else what was noticed first.
lives() {
    local seed
    for ((seed = 1; seed <= seeds; ++seed)); do
        if ! GENSPOOL_SEED=$seed timeout 120 "$1" -tc='*a fresh seed' >"$work/log" 2>&1; then
            noticed="seed $seed: $(sed -n 's/.*transitions: //p; s/.*ERROR: \(test case.*\)/\1/p' \
                "$work/log" | sed -n 1p | cut -c1-70)"
            return 1
        fi
    done
    noticed="NOBODY: it survives"
}

# mutant NAME FILE SED-SCRIPT: a script that changes nothing counts as a survivor.
mutant() {
    local name=$1 file=$2 script=$3
    if [[ $only == --check ]]; then
        fits "$@"
        return
    fi
    [[ $name == *"$only"* ]] || return 0
    count=$((count + 1))
    sed -E "$script" "$work/sound/$file" >"$work/tree/$file"
    if cmp -s "$work/sound/$file" "$work/tree/$file"; then
        noticed="THE PATTERN FITS NOTHING IN $file"
        survivors=$((survivors + 1))
    else
        compile "$file"
        link "$work/mutant"
        if lives "$work/mutant"; then survivors=$((survivors + 1)); fi
        cp "$work/sound/$file" "$work/tree/$file"
        compile "$file"
    fi
    printf '%-48s %s\n' "$name" "$noticed"
}

mutants() {
    mutant "a commit is not synced" queue/rocksdb_store.cpp \
        's/options\.sync = [^;]*;/options.sync = false;/'
    mutant "a commit is split in two" queue/rocksdb_store.cpp '
        0,/: writes\) \{/ s/^.*for \(const auto& \[key, value\] : writes\) \{/    std::size_t put = 0;\n&\
        if (++put == 1 + writes.size() \/ 2) {\
            rocksdb::WriteOptions half;\
            half.sync = true;\
            check(impl_->db->Write(half, \&batch), "half");\
            batch.Clear();\
        }/'
    mutant "answers are given without a commit" queue/core.cpp \
        's/^ *store_\.commit\(writes\);//'
    mutant "the counters are left out of the commit" queue/plan.cpp \
        's/^.*keys::meta\("counters"\), encode\(counters_\).*$//'
    mutant "an event is left out of the log" queue/plan.cpp \
        's/^ *put\(keys::event\(event\.seq\), encode\(event\)\);//'
    mutant "a reserve is written before the commit" queue/money.cpp '
        s/turn\.plan\.put\((keys::ledger\(row\.job, row\.send\)), encode\(row\)\)/turn.store.commit({{\1, encode(row)}})/'
    mutant "a reserve has no row in the ledger" queue/money.cpp \
        's/^ *turn\.plan\.put\(keys::ledger\(row\.job, row\.send\), encode\(row\)\);//'
    mutant "what is settled is not summed up" queue/money.cpp \
        's/^ *add_to_totals\(turn, \*row, delta\);//'
    mutant "a slot is given back while the task runs" queue/transition.cpp \
        's/move == SlotMove::give\)/move == SlotMove::give || move == SlotMove::keep)/'
    mutant "a slot is not written down" queue/transition.cpp \
        's/^ *turn\.plan\.put\(keys::slot\(record\.seq, record\.send\), encode\(row\)\);//'
    mutant "slots are not counted after a start" queue/load.cpp \
        's/^ *turn\.memory\.capacity\.take\(.*\);//'
    mutant "the slot limit is one too high" queue/capacity_gates.cpp \
        's/used < limit/used <= limit/'
    mutant "the state row is not moved" queue/transition.cpp \
        's/^.*turn\.plan\.del\(keys::state\(from, record\.seq\)\);//'
    mutant "a batch does not count its jobs" queue/transition.cpp \
        's/if \(record\.batch\) count_in_batch/if (false) count_in_batch/'
    mutant "a seal is not written down" queue/admit.cpp \
        's/^ *batch->sealed = true;//'
    mutant "an idempotency key is not written down" queue/admit.cpp '
        /^Answer handle\(Turn& turn, const Admit& command/,/^\}/ {
            /turn\.plan\.put\(keys::idempotency/,/;/ d
        }'
    mutant "a send is not counted" queue/transition.cpp \
        's/\+\+record\.send;/static_cast<void>(record);/'
    mutant "a report of another send is believed" queue/advance.cpp \
        's/record->send != command\.send \|\|/false ||/'
    mutant "a task's owner is not written down" queue/settle.cpp \
        's/^ *turn\.plan\.put\(keys::task\(record\.account, task\).*$//'
    mutant "upkeep scans in the middle of a turn" queue/core.cpp '
        /^Core::Outcome Core::execute/,$ {
            s/^ *const bool more = run_upkeep\(turn\);//
            s/^( *)commit\(turn\.plan\);/\1const bool more = run_upkeep(turn);\n&/
        }'
    mutant "a batch's jobs are forgotten by a start" queue/load.cpp \
        's/if \(!turn\.memory\.visible\(row\.batch\)\) return true;/if (row.batch) return true;/'
    mutant "retention does not wait for readers" queue/upkeep.cpp \
        's/ \|\| !consumed\(turn, job\)//'
}

main "$@"
