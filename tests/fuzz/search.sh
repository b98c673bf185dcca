#!/bin/sh
# search.sh BUILD [SECONDS] [TARGET...]: runs libFuzzer on each target for so long. New inputs are
# kept in BUILD/corpus, findings in BUILD/findings, and BUILD/hours.txt says how long all runs took.
set -eu

build=$1
seconds=${2:-60}
shift
[ $# -eq 0 ] || shift
here=$(dirname "$0")
if [ $# -eq 0 ]; then
    for directory in "$here"/corpus/*; do
        set -- "$@" "${directory##*/}"
    done
fi

mkdir -p "$build/findings"
found=0
for target in "$@"; do
    kept=$build/corpus/$target
    log=$build/corpus/$target.log
    mkdir -p "$kept"
    printf '%-16s' "$target"
    if "$build/bin/fuzz_$target" "$kept" "$here/corpus/$target" \
        -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$build/findings/$target-" -print_final_stats=1 >"$log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        echo "no finding in $runs inputs"
        echo "$target $seconds $runs" >>"$build/hours.txt"
    else
        found=$((found + 1))
        echo "FINDING, see $log and $build/findings"
        grep -m1 -E 'does not hold|ERROR: |runtime error' "$log" || tail -n 5 "$log"
    fi
done
awk '{ s += $2; n += $3 } END { printf "so far: %.1f hours, %.0f inputs\n", s / 3600, n }' \
    "$build/hours.txt" 2>/dev/null || true
[ "$found" -eq 0 ]
