#!/usr/bin/env bash
# installed.sh BUILD_DIRECTORY: what `cmake --install` puts where, and whether systemd and man find fault
# with it. A tool that is not there is told of, and its check left out.
set -euo pipefail

build=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
DESTDIR=$root cmake --install "$build" >/dev/null
prefix=$root$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' "$build/CMakeCache.txt")
failed=0

wrong() {
    printf 'WRONG: %s\n' "$*"
    failed=1
}
# has TOOL WHAT: whether it is there; if not, says what is not looked at.
has() {
    command -v "$1" >/dev/null || {
        echo "left out, there is no $1: $2"
        return 1
    }
}
# page NAME.SECTION: as it is shown, in one line, without the breaks of words.
page() { MANWIDTH=1000 man --no-hyphenation -l "$prefix/share/man/man${1##*.}/$1.gz" 2>/dev/null | col -b; }

for file in bin/{genspool,genspoold,genspool-sim} lib/systemd/{system,user}/genspoold.{service,socket} \
    share/{bash-completion/completions/genspool,zsh/vendor-completions/_genspool} \
    share/fish/vendor_completions.d/genspool.fish lib/{sysusers,tmpfiles}.d/genspool.conf \
    share/doc/genspool/{genspool.toml.example,docs/install.md}; do
    [[ -s $prefix/$file ]] || wrong "$file is not installed"
done

configuration=$(sed -nE 's/^ExecStart=.* --config (.*)$/\1/p' "$prefix/lib/systemd/system/genspoold.service")
cmp -s systemd/genspool.toml "$root$configuration" || wrong "the unit's configuration is not installed"
echo "# somebody's" >"$root$configuration"
DESTDIR=$root cmake --install "$build" >/dev/null
[[ $(cat "$root$configuration") == "# somebody's" ]] || wrong "the next install replaces the configuration"
cmake --install "$build" --prefix "$root/elsewhere" >/dev/null
[[ -s $root/elsewhere/etc/genspool/genspool.toml ]] || wrong "another prefix has no configuration"
rm -rf "$root/elsewhere"

links=$(grep -roE '\]\([^):# ]+[#)]' --include='*.md' "$prefix/share/doc/genspool" | sed 's/](//; s/.$//')
[[ -n $links ]] || wrong "the pages have no links"
while IFS=: read -r page link; do
    # The sources themselves are not installed.
    [[ -e $(dirname "$page")/$link || $link =~ proto/.*\.[ch]pp$ ]] ||
        wrong "${page#"$prefix"}: $link leads nowhere"
done <<<"$links"

if has systemd-analyze "the units"; then
    units=$prefix/lib/systemd/system
    # What else the commands of the units want of a machine: no more than every one has.
    install -D /bin/true "$root/bin/sh"
    said=$(systemd-analyze verify --root="$root" --man=no --recursive-errors=no \
        "${units#"$root"}"/genspoold.{service,socket} 2>&1) || true
    [[ -z $said ]] || wrong "systemd-analyze verify: $said"
    said=$(systemd-analyze security --offline=true --threshold=20 --no-pager "$units/genspoold.service") ||
        wrong "systemd-analyze security: $(tail -n 1 <<<"$said")"
    tail -n 1 <<<"$said"
fi

pages=(genspool.1 genspool-sim.1 genspoold.8 genspool.toml.5 genspool-batch.5)
for name in "${pages[@]}"; do
    [[ -s $prefix/share/man/man${name##*.}/$name.gz ]] || wrong "there is no page $name"
done
if has mandoc "the form of the manual pages"; then
    for name in "${pages[@]}"; do
        gzip -dc "$prefix/share/man/man${name##*.}/$name.gz" >"$root/$name"
        said=$(mandoc -T lint -W warning "$root/$name") || wrong "$said"
    done
fi
if has man "what the manual pages tell of"; then
    for name in "${pages[@]}"; do
        said=$(man --warnings -l "$prefix/share/man/man${name##*.}/$name.gz" 2>&1 >/dev/null) || true
        [[ -z $said ]] || wrong "man: $name: $said"
    done
    text=$(page genspool.1)
    for verb in $("$prefix/bin/genspool" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'); do
        grep -q "genspool $verb" <<<"$text" || wrong "genspool.1 does not tell of $verb"
    done
    text=$(page genspool.toml.5)
    section=
    while read -r line; do
        case $line in
        \[*) section=${line#[} section=${section%%]*} ;;
        *=*)
            key=${line%% *}
            [[ $section != prices && $section != patience && $section != "inbox.speech" ]] || continue
            grep -q "$section.$key" <<<"$text" || wrong "genspool.toml.5 does not tell of $section.$key"
            ;;
        esac
    done < <(XDG_STATE_HOME=$root XDG_RUNTIME_DIR=$root "$prefix/bin/genspoold" --config /dev/null --check-config)
    [[ -n $section ]] || wrong "genspoold --check-config shows nothing"
    text=$(page genspool-batch.5)
    fields=$(sed -n '/known_fields = {/,/};/p' proto/job_json.cpp | grep -o '"[a-z_]*"' | tr -d '"')
    [[ -n $fields ]] || wrong "the fields of a job are not found"
    for field in $fields; do
        grep -qE "^ +$field( |$)" <<<"$text" || wrong "genspool-batch.5 does not tell of $field"
    done
fi
exit $failed
