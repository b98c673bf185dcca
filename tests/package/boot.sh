#!/usr/bin/env bash
# boot.sh DIRECTORY DEB NEWER_DEB: boots a bare Debian in a container, with a systemd of its own, and
# lets life.sh install the package there, work with it, upgrade it and purge it. Wants root. The bare
# system is made once, from the machine's own apt sources, and kept as DIRECTORY/root.tar.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

directory=$1 deb=$2 newer=$3
bare=$directory/root.tar
work=$(mktemp -d "$directory/boot.XXXXXX")
trap 'rm -rf "$work"' EXIT

# What of the machine's apt settings decides whether its sources can be used at all.
apt-config dump --format '%f "%v";%n' |
    grep -E '^Acquire::(Check-|Retries|https?::)' >"$work/apt.conf" || true

if [[ ! -e $bare ]]; then
    # shellcheck disable=SC1091  # the system's own
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mapfile -t sources < <(grep -lE "\\b$codename\\b" /etc/apt/sources.list \
        /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null)
    mmdebstrap --quiet --format=tar --variant=apt --aptopt="$work/apt.conf" \
        --include=systemd,systemd-sysv,dbus \
        "$codename" "$bare.new" "${sources[@]}" >"$directory/root.log" 2>&1 </dev/null
    mv "$bare.new" "$bare"
fi

mkdir "$work/root"
tar -C "$work/root" -xf "$bare"
mkdir "$work/root/package"
cp "$deb" "$work/root/package/old.deb"
cp "$newer" "$work/root/package/new.deb"
cp "$here/life.sh" "$work/root/package/"
cat >"$work/root/etc/systemd/system/package-life.service" <<'UNIT'
[Unit]
After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/bin/bash /package/life.sh
StandardOutput=append:/package/log
StandardError=append:/package/log
[Install]
WantedBy=multi-user.target
UNIT
ln -s ../package-life.service \
    "$work/root/etc/systemd/system/multi-user.target.wants/package-life.service"

# The service manager's own words are of interest only when nothing else was said.
timeout -k 10 1500 systemd-nspawn --quiet --register=no --keep-unit --resolv-conf=copy-host \
    --machine="genspool-$$" --directory="$work/root" --boot >"$directory/boot.log" 2>&1 </dev/null ||
    true
cat "$work/root/package/log" 2>/dev/null || tail -n 40 "$directory/boot.log"
grep -qx 'all is well' "$work/root/package/log"
