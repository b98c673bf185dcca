#!/usr/bin/env bash
# bill.sh: packaging/sbom.sh names what is linked and what is compiled in, and fails where something is
# of no package, wherever it lies. A build is played by two programs that say what they are told to.
set -euo pipefail

command -v dpkg-query >/dev/null || {
    echo "left out, there is no dpkg-query: the bill of materials"
    exit 0
}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/bin"
failed=0

# bill LIBRARY HEADER: of a build with these.
bill() {
    printf '#!/bin/sh\nprintf "\\tname => %s (0x1)\\n"\n' "$1" >"$place/bin/ldd"
    printf '#!/bin/sh\nprintf "a.o: #deps 1\\n    %s\\n"\n' "$2" >"$place/bin/ninja"
    chmod +x "$place/bin/ldd" "$place/bin/ninja"
    PATH=$place/bin:$PATH packaging/sbom.sh "$place" 1.2.3 >"$place/out" 2>"$place/errors"
}
wrong() {
    printf 'WRONG: %s\n' "$*"
    failed=1
}

library=/bin/true header=/usr/bin/dpkg-query
if bill $library $header; then
    for part in coreutils dpkg; do
        grep -q "\"name\":\"$part\"" "$place/out" || wrong "$part is not named"
    done
else
    wrong "there is no bill: $(cat "$place/errors")"
fi
for header in /usr/local/include/stray.hpp /opt/stray/include/stray.hpp; do
    ! bill $library $header || wrong "$header is passed over"
    grep -q "$header belongs to no package" "$place/errors" || wrong "$header is not named"
done
! bill /usr/local/lib/libstray.so.1 /usr/bin/dpkg-query || wrong "a library of no package is passed over"
grep -q "libstray.so.1 belongs to no package" "$place/errors" || wrong "the library is not named"
exit $failed
