#!/usr/bin/env bash
# sbom.sh BUILD_DIRECTORY VERSION: a CycloneDX bill of materials, of what is really in the programs:
# the shared libraries they load, and the packages whose headers were compiled in.
set -euo pipefail

build=$1 version=$2
sources=$(dirname "$(dirname "$(readlink -f "$0")")")
programs=("$build"/bin/{genspool,genspoold,genspool-sim})
epoch=${SOURCE_DATE_EPOCH:-$(date +%s)}
# shellcheck disable=SC1091  # the system's own
distro=$(. /etc/os-release && echo "$ID-${VERSION_ID:-sid}")

# The packages that the files named on standard input come from; a file of no package is an error.
owners() {
    local file line owner
    local -a files
    local -A known
    mapfile -t files
    # Where /usr is merged, a package may know its file under the other name.
    while read -r line; do
        known[${line##*: }]=${line%%: *}
    done < <(dpkg-query -S "${files[@]}" "${files[@]/#//usr}" "${files[@]#/usr}" 2>/dev/null)
    for file in "${files[@]}"; do
        owner=${known[$file]:-${known[/usr$file]:-${known[${file#/usr}]:-}}}
        if [[ -z $owner ]]; then
            echo "sbom.sh: $file belongs to no package" >&2
            return 1
        fi
        echo "${owner%%,*}"
    done | sort -u
}

libraries() {
    ldd "${programs[@]}" | sed -nE 's/^.*(=> |^\t)(\/[^ ]+) \(0x.*/\2/p' | sort -u | owners
}
# All but our own. One header stands for its directory, unless it lies in /usr/include itself.
header_packages() {
    ninja -C "$build" -t deps | sed -nE 's/^ +(\/.*)$/\1/p' | grep -vF "$sources/" | sort -u |
        awk '{ n = $0; sub(/\/[^\/]*$/, "", n); if (n == "/usr/include" || !seen[n]++) print }' |
        owners
}

# component PACKAGE HOW: one line of JSON.
component() {
    local name release arch reference
    read -r name release arch < <(dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' "$1")
    reference="pkg:deb/${distro%%-*}/$name@$release?arch=$arch&distro=$distro"
    reference=${reference//+/%2B}
    printf '{"type":"library","bom-ref":"%s","name":"%s","version":"%s","purl":"%s",' \
        "$reference" "$name" "$release" "$reference"
    printf '"properties":[{"name":"genspool:linkage","value":"%s"}]}\n' "$2"
}

# Not in the loops themselves: what fails there ends nothing.
shared=$(libraries)
headers=$(header_packages)
components=$({
    for package in $shared; do component "$package" shared; done
    for package in $headers; do component "$package" headers; done
} | LC_ALL=C sort)
references=$(sed -E 's/.*"bom-ref":("[^"]*").*/\1/' <<<"$components" | paste -sd, -)
digest=$(sha256sum <<<"$version $components")
serial="${digest:0:8}-${digest:8:4}-8${digest:13:3}-a${digest:17:3}-${digest:20:12}"
self="pkg:generic/genspool@$version"
cat <<TEXT
{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:$serial","version":1,
"metadata":{"timestamp":"$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)",
"component":{"type":"application","bom-ref":"$self","name":"genspool","version":"$version","purl":"$self",
"licenses":[{"license":{"id":"Apache-2.0"}}]}},
"components":[
$(paste -sd, - <<<"$components" | sed 's/},{"type"/},\n{"type"/g')
],
"dependencies":[{"ref":"$self","dependsOn":[$references]}]}
TEXT
