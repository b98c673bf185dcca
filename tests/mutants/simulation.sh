#!/usr/bin/env bash
# Breaks the daemon's parts on purpose, one way at a time, and expects the simulation to notice: an
# oracle that cannot fail proves nothing.
# usage: tests/mutants/simulation.sh [NAMES | --check]      a regular expression; MINUTES=10: to look for each mutant
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
# shellcheck source=tests/mutants/fit.sh
. tests/mutants/fit.sh

only=${1:-}
minutes=${MINUTES:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/genspool-mutants.XXXXXX")
trap 'rm -rf "$work"' EXIT
survivors=0
count=0
zero=yes # each file is one long line to sed; for check()
# One compiler cache for all copies of the tree.
export CCACHE_BASEDIR=$work/tree CCACHE_NOHASHDIR=1

main() {
    if [[ $only == --check ]]; then
        check
        return
    fi
    # A copy of its own, so that whoever works here meanwhile does not mutate it once more.
    mkdir "$work/whole" "$work/tree"
    git ls-files -z | xargs -0 cp --parents -t "$work/whole"
    cp -a "$work/whole/." "$work/tree"
    echo "building the simulation as it is"
    build || {
        tail -n 30 "$work/build.log" >&2
        exit 1
    }
    if ! survives 0.5; then
        echo "it breaks a promise even before it is mutated: $noticed" >&2
        exit 1
    fi
    printf '%-52s %8s  %s\n' "mutant" "seconds" "noticed by"
    mutants
    printf '%d mutants, %d survived\n' "$count" "$survivors"
    ((survivors == 0 && count > 0))
}

build() {
    (cd "$work/tree" && { [[ -e build/build.ninja ]] || cmake --preset release -B build; } &&
        cmake --build build -j "$(nproc)" --target genspool-simulate) >"$work/build.log" 2>&1
}

# survives MINUTES: true if every promise is kept for so long; else what was noticed first.
survives() {
    local log=$work/log
    if timeout $(($(seconds "$1") + 300)) "$work/tree/build/bin/genspool-simulate" \
        --seed 1 --seeds 2 --days 0.5 --until "$1" >"$log" 2>&1; then
        noticed="NOBODY: it survives"
        return 0
    fi
    noticed=$(sed -n '/^BROKEN/{n;s/^ *//;p;q}' "$log" | cut -c1-110)
    [[ -n $noticed ]] || noticed="its death: $(tail -n 1 "$log" | cut -c1-90)"
    return 1
}

seconds() { awk -v minutes="$1" 'BEGIN { print int(minutes * 60) }'; }

# mutant NAME FILE SED-SCRIPT: a script that changes nothing counts as a survivor.
mutant() {
    local name=$1 file=$2 script=$3 began=$SECONDS
    if [[ $only == --check ]]; then
        fits "$@"
        return
    fi
    [[ $name =~ $only ]] || return 0
    count=$((count + 1))
    sed -E -z "$script" "$work/whole/$file" >"$work/tree/$file"
    if cmp -s "$work/whole/$file" "$work/tree/$file"; then
        noticed="THE PATTERN FITS NOTHING IN $file"
        survivors=$((survivors + 1))
    elif ! build; then
        noticed="NOBODY: IT DOES NOT COMPILE"
        survivors=$((survivors + 1))
    else
        began=$SECONDS
        if survives "$minutes"; then survivors=$((survivors + 1)); fi
    fi
    cp "$work/whole/$file" "$work/tree/$file"
    printf '%-52s %8d  %s\n' "$name" $((SECONDS - began)) "$noticed"
}

mutants() {
    mutant "a commit is not synced" queue/rocksdb_store.cpp \
        's/options\.sync = [^;]*;/options.sync = false;/'
    mutant "a 502 to a create counts as never taken" proto/minimax/errors.cpp \
        's/(constexpr ErrorRow server_error\{[^}]*)C::ambiguous/\1C::not_created/'
    mutant "a lost reply counts as never sent" workers/submit_outcome.cpp \
        's/return queue::Ambiguous\{"no reply[^;]*;/return queue::Refused{local_trouble(transport_code(reply), words(reply))};/'
    mutant "a slot is given back while the task runs" queue/transition.cpp \
        's/move == SlotMove::give\)/move == SlotMove::give || move == SlotMove::keep)/'
    mutant "the slot of an unknown send is given back at once" queue/transition.cpp \
        's/move == SlotMove::give\)/move == SlotMove::give || move == SlotMove::until_expiry)/'
    mutant "files of an earlier purchase count for the present one" queue/settle.cpp \
        's/\n *if \(artifact\.source\.send != record\.send\) continue;//'
    mutant "a reserve is written before the commit" queue/money.cpp \
        's/turn\.plan\.put\((keys::ledger\(row\.job, row\.send\)), encode\(row\)\)/turn.store.commit({{\1, encode(row)}})/'
    mutant "a seal is not written down" queue/admit.cpp \
        's/\n *batch->sealed = true;//'
    mutant "the result cursor is committed before the lines" daemon/results.cpp \
        's/(\n *)(if \(!changes\.empty\(\)\) co_await write\(changes\);)(\n[^\n]*\n *if \(due[^;]*;)/\3\1\2/'
    mutant "a done file that was never noted outlives a retry" daemon/results.cpp \
        's/if \(files\.note\.again\)/if (files.note.phase == Phase::done)/'
    mutant "a voice is not followed" queue/things.cpp \
        's/lane\.account = \*account;//'
    mutant "a budget forgets what is uncertain" queue/money.cpp \
        's/delta\.reserved \+ delta\.spent \+ delta\.uncertain/delta.reserved + delta.spent/'
    mutant "a budget is not judged again once a job is prepared" queue/advance.cpp \
        's/if \(!gate\)\s+gate = capacity\.budgets\(\)[^;]*;//'
    mutant "a batch knows no budget" queue/claim.cpp \
        's/batch_budget_gate\(turn, \*record\)\.has_value\(\)/false/'
    mutant "result lines are not synced" daemon/results_folder.cpp \
        's/\n *sync_file\(opened\);\n *if \(fresh\)/\n    if (fresh)/'
    mutant "a spooled reply is not synced" workers/spool.cpp \
        's/file_->sync\(\)/file_->append(std::string())/'
    mutant "an artifact is named before it is synced" workers/part_file.cpp \
        's/if \(!error\) error = co_await file_->sync\(\);//'
    mutant "a part that a dead process wrote is not synced" workers/bring_home.cpp \
        's/error_ = co_await tools_\.files\.sync\(part\);/error_ = {};/'
    mutant "a result file found there is taken for durable" daemon/results_folder.cpp \
        's/bool fresh = length == 0;/bool fresh = false;/'
    mutant "a task that is gone is renewed by buying" queue/advance.cpp \
        's/apply\(turn, record, Event::task_gone, cause\);/back_off(turn, record); apply(turn, record, Event::task_failed_again, cause);/'
    mutant "a send found at start is sent again" queue/load.cpp \
        's/case State::submitting:\n *memory\.flights\.set\(job, WorkKind::recover, turn\.now, \{\}\);/case State::submitting: memory.flights.set(job, WorkKind::submit, turn.now, {});/'
    mutant "a pause is forgotten by a start" queue/govern.cpp \
        's/\n *turn\.plan\.put\(keys::meta\("pause"\), encode\(turn\.memory\.pause\)\);//'
    mutant "an idempotency key is not written down" queue/admit.cpp \
        's/(Answer handle\(Turn& turn, const Admit& command.*)turn\.plan\.put\(keys::idempotency\(key->scope_hash\),[^;]*;/\1/'
    mutant "a job goes before what it comes after is home" queue/dependency.cpp \
        's/if \(glance->state == State::succeeded\) continue;/if (glance->state == State::succeeded || glance->state == State::fetching) continue;/'
    mutant "an end is told to nobody" queue/transition.cpp \
        's/turn\.memory\.ended\.emplace_back\([^;]*;/(void)turn;/'
    mutant "retention takes what others wait for" queue/upkeep.cpp \
        's/if \(!nobody_waits && is_awaited[^;]*;/(void)nobody_waits;/'
    mutant "a start does not look at who waits" queue/load.cpp \
        's/memory\.unseen\.push_back\([^;]*;/(void)memory;/'
    mutant "a member that waits is not looked at by its seal" queue/admit.cpp \
        's/turn\.memory\.unseen\.push_back\([^;]*;/(void)batch;/'
    mutant "what was prepared is bought at a closed gate" queue/advance.cpp \
        's/if \(closed\.empty\(\)\)/if (true || closed.empty())/'
    mutant "what was prepared is sent before that is on record" workers/submit_step.cpp \
        's/if \(!co_await lease_\.prepared\([^;]*\) co_return;//'
    mutant "a preparation keeps its number" queue/transition.cpp \
        's/\n *--record\.send;//'
    mutant "a file is put into another's place" workers/input_files.cpp \
        's/const proto::Input& input = record\.inputs\[n\];/const proto::Input\& input = record.inputs.front();/'
    mutant "a file is named before it is synced" workers/blob_store.cpp \
        's/if \(!kept\.error\) kept\.error = co_await file_->sync\(\);//'
    mutant "retention takes files that jobs need" queue/blobs.cpp \
        's/if \(!is_used\(turn, sha256\)\)/if (!is_used(turn, sha256) || true)/'
    mutant "the sweep takes what is being named" workers/blob_store.cpp \
        's/const Room::Share turn = co_await turn_\.take\(1\);\n *if \(!turn\.taken\(\)\) co_return;//'
    mutant "a search overlooks who else may have bought it" queue/search.cpp \
        's/rivals\.push_back\(\{timed[^;]*;/(void)timed, (void)same;/'
    mutant "a list that may be late proves that nothing was bought" queue/search.cpp \
        's/listed_after\{300.000\}/listed_after{0}/'
    mutant "a search forgets that a clock was set" queue/search.cpp \
        's/(const bool timed = row->at > clock_set);/\1 || true;/'
    mutant "a send in doubt is not written down" queue/search.cpp \
        's/turn\.plan\.put\(keys::doubt\([^;]*;/(void)turn;/'
    mutant "a search finds what another job has" queue/search.cpp \
        's/if \(!twice && !(is_owned\([^;]*\))\) left/if (!twice \&\& (\1 || true)) left/'
    mutant "a send is taken for one of another name" workers/search_step.cpp \
        's/\(entry\.reference == reference \? own_ : anothers_\)/(entry.reference.empty() ? anothers_ : own_)/'
    mutant "of several tasks that are found one is taken" queue/search.cpp \
        's/tasks\.insert\(tasks\.end\(\), entry\.others[^;]*;//'
    mutant "a list of what runs proves what has ended absent" workers/search_step.cpp \
        's/partial_ = partial_ \|\| page\.partial;//'
    mutant "a hint ends its job" queue/hints.cpp \
        's/hasten\(turn, owner->job\);/if (auto* job = turn.plan.record(owner->job); job != nullptr \&\& job->state == proto::State::running) apply(turn, *job, proto::Event::task_failed);/'
    mutant "a hint has its job bought again" queue/hints.cpp \
        's/hasten\(turn, owner->job\);/if (auto* job = turn.plan.record(owner->job); job != nullptr \&\& job->state == proto::State::running) apply(turn, *job, proto::Event::task_failed_again);/'
    mutant "hints bring about as many polls as they are" queue/hints.cpp \
        's/\*last \+ hint_gap : now/now : now/'
    mutant "a callback is heard at any address" daemon/callbacks.cpp \
        's/if \(same_secret\(said, account\.callback_secret\)\)/(void)said; if (true || same_secret(said, account.callback_secret))/'
    mutant "what a hook did not take is not noted" daemon/hooks/courier.cpp \
        's/notes\.push_back\(note\(event, show_attempts\(after\)\)\);//'
    mutant "a hook's cursor is stored before it is told" daemon/hooks/courier.cpp \
        's/(Group group = co_await read_group\(\);)/\1\n    co_await commit(group.upto, std::vector<queue::NoteEvent>());/'
    mutant "retention takes what a hook waits for" daemon/hooks/courier.cpp \
        's/if \(!waiting\.empty\(\)\) consume\.returns_to = waiting\.begin\(\)->first;/(void)waiting;/'
    mutant "a send of which nobody knows is always bought again" queue/settle.cpp \
        's/if \(resubmit_wanted\(record\) && /if ((resubmit_wanted(record) || true) \&\& /'
    mutant "a retry does not ask whether it may be the second purchase" queue/act.cpp \
        's/if \(!why\.empty\(\) && !command\.again\)[^;]*;//'
    mutant "an answer is no purchase" queue/act.cpp \
        's/return artifacts \|\| proto::was_answered\(record\) \|\|/return artifacts ||/'
    mutant "a whole reply is not believed after a death" workers/recover_step.cpp \
        's/if \(looked && \(!found_/if (looked \&\& (true || !found_/'
    mutant "retention does not wait for readers" queue/upkeep.cpp \
        's/!consumed\(turn, job\)/(!consumed(turn, job) \&\& false)/'
}

main "$@"
