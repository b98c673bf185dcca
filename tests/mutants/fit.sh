# shellcheck shell=bash
# What the scripts beside it share: `--check`, which looks only whether each bug that could be
# planted still changes its file.

check() {
    mutants
    printf '%d mutants, %d that change nothing\n' "$count" "$survivors"
    ((survivors == 0 && count > 0))
}

# fits NAME FILE SED-SCRIPT
fits() {
    local old new
    old=$(cat "$2")
    new=$(sed -E ${zero:+-z} "$3" "$2") || new=$old
    count=$((count + 1))
    [[ $old == "$new" ]] || return 0
    echo "'$1' fits nothing in $2"
    survivors=$((survivors + 1))
}
