#!/bin/bash
# The life of the package on a machine that has nothing else of ours: run in the container as root.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
cd /package
state=/var/lib/genspool
socket=/run/genspool/genspool.sock

say() { echo "- $*"; }
fail() {
    echo "FAILED: $*"
    systemctl status genspoold.service genspoold.socket --no-pager --full || true
    journalctl -u genspoold.service --no-pager | tail -n 40 || true
    exit 1
}
# await WHAT COMMAND...: until it succeeds.
await() {
    local what=$1 until=$((SECONDS + 120))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < until)) || fail "waited in vain: $what"
        sleep 0.1
    done
}
install_package() {
    apt-get -q -o DPkg::Lock::Timeout=60 install -y --reinstall "$1" >>apt.log 2>&1 ||
        fail "apt: $(tail -n 20 apt.log)"
}
runs() { systemctl --quiet is-active genspoold.service genspoold.socket; }
enabled() { systemctl --quiet is-enabled genspoold.service genspoold.socket; }
pid() { systemctl show -P MainPID genspoold; }
purchases() { wc -l </var/tmp/truth; }
status_says() { [[ $(systemctl show -P StatusText genspoold) == *"$1"* ]]; }
refused() { curl -s -m 5 -o /dev/null --unix-socket $socket http://genspool/healthz; (($? == 7)); }
bought() { (($(purchases) - before == $1)); }
succeeded() { (($(count succeeded) == $1)); }
count() { genspool stats --json | sed -nE "s/.*\"$1\":([0-9]+).*/\1/p"; }
# job KIND NAME PROMPT: a line of a batch.
video() { printf '{"kind":"video","custom_id":"%s","request":{"model":"MiniMax-Hailuo-02","prompt":"a kite"}}\n' "$1"; }
song() { printf '{"kind":"music","custom_id":"%s","request":{"model":"music-2.0","prompt":"%s","lyrics":"a song of kites over the dunes"}}\n' "$1" "$2"; }

apt-get -q update >>apt.log 2>&1 || fail "apt: $(tail -n 20 apt.log)"
apt-get -q install -y --no-install-recommends curl man-db libpam-systemd \
    dbus-user-session >>apt.log 2>&1

install_package ./old.deb
runs || fail "it does not run"
enabled || fail "it is not enabled"
status_says "no account is configured" || fail "its status does not say what is missing"
[[ $(stat -c '%U:%G %a' $socket) == "genspool:genspool 660" ]] || fail "the socket's mode"
[[ $(stat -c '%U:%G %a' $state/inbox) == "genspool:genspool 2770" ]] || fail "the inbox's mode"
say "installed, enabled, running: $(genspool --version --json)"

verdict=$(systemd-analyze verify /usr/lib/systemd/system/genspoold.{service,socket} 2>&1) || true
[[ -z $verdict ]] || fail "systemd-analyze verify: $verdict"
systemd-analyze security --threshold=20 --no-pager genspoold.service >security.txt ||
    fail "systemd-analyze security: $(tail -n 1 security.txt)"
say "systemd-analyze verify is silent; $(tail -n 1 security.txt | sed 's/^[^A-Z]*//')"

systemd-run --quiet --unit=upstream genspool-sim --listen 127.0.0.1:0 --port-file /run/upstream.port \
    --truth /var/tmp/truth --latency 2s
await "the upstream" test -s /run/upstream.port
install -m 600 -o genspool /dev/null /etc/genspool/main.key
echo sk-of-the-package-test >/etc/genspool/main.key
cp /etc/genspool/genspool.toml default.toml
# account KEY: the configuration as it came, with one account.
account() {
    {
        sed 's/^\[fetch\]$/&\nprivate_hosts = true/' default.toml
        printf '[[account]]\nname = "main"\nprovider = "minimax"\n%s\n' "$1"
        printf 'base_url = "http://127.0.0.1:%s"\n' "$(cat /run/upstream.port)"
        printf 'poll = { min = "200ms", max = "1s" }\nslots = 100\nrpm = 0\n'
        printf '[[hook]]\nname = "told"\ncommand = ["/usr/local/bin/told"]\nevents = ["canceled"]\n'
    } >/etc/genspool/genspool.toml
}
# The command of a hook, which lasts until it may end.
cat >/usr/local/bin/told <<'SH'
#!/bin/sh
cd /var/lib/genspool
trap 'echo cut >>told; exit 1' TERM
echo begun >>told
until [ -e told.go ]; do sleep 0.1; done
echo ended >>told
SH
chmod +x /usr/local/bin/told
account 'api_key_file = "/etc/genspool/main.key"'
systemctl reload genspoold
await "the reload" status_says "1 account"
say "a key file put in place, reloaded: $(systemctl show -P StatusText genspoold)"
# What download hosts are private takes a restart.
systemctl restart genspoold

useradd --create-home --groups genspool bob
video kite >/tmp/kite.jsonl
runuser -u bob -- cp /tmp/kite.jsonl $state/inbox/
await "the dropped file's results" test -e $state/results/kite.done
[[ -n $(find $state/artifacts -type f -size +0) ]] || fail "no artifact"
runuser -u bob -- genspool ls >/tmp/ls || fail "bob may not look"
[[ $(purchases) == 1 ]] || fail "purchases: $(purchases)"
say "a file dropped in by a member of the group became an artifact"

install -m 600 -o root /etc/genspool/main.key /etc/genspool/root.key
rm /etc/genspool/main.key
mkdir -p /etc/systemd/system/genspoold.service.d
printf '[Service]\nLoadCredential=main:/etc/genspool/root.key\n' \
    >/etc/systemd/system/genspoold.service.d/key.conf
account 'api_key_credential = "main"'
systemctl daemon-reload
systemctl restart genspoold
runuser -u bob -- genspool run video --model MiniMax-Hailuo-02 --prompt "a kite" >/dev/null ||
    fail "with a credential"
say "the key of a file that only root may read, by LoadCredential"

# A client that asks all the time.
: >/tmp/refused
(while [[ ! -e /tmp/enough ]]; do
    curl -sS -o /dev/null --unix-socket $socket http://genspool/healthz 2>/tmp/said ||
        echo "$(date +%T.%N) $(</tmp/said)" >>/tmp/refused
    echo >>/tmp/asked
done) &
clients=$!
before=$(purchases)
for n in $(seq 40); do video "up-$n"; done >/tmp/up.jsonl
# Longer than TimeoutStopSec=: the stop asks for more time.
song slow '[[slow:40]]' >>/tmp/up.jsonl
runuser -u bob -- genspool batch /tmp/up.jsonl >/dev/null
await "41 jobs in flight" bought 41
for n in $(seq 20); do video "late-$n"; done >/tmp/late.jsonl
genspool batch /tmp/late.jsonl >/dev/null
genspool cancel "$(genspool submit image --model image-01 --prompt "a kite" --not-before +1h)" >/dev/null
await "the hook's command" test -e $state/told
old=$(pid)
install_package ./new.deb &
upgrade=$!
await "the stop" status_says stopping
touch $state/told.go
wait $upgrade || fail "the upgrade"
[[ $(pid) != "$old" ]] || fail "it was not restarted"
[[ $(tr '\n' ' ' <$state/told) == "begun ended " ]] || fail "the hook: $(cat $state/told)"
await "all jobs to end" succeeded 63
bought 61 || fail "purchases: $(($(purchases) - before)) of 61"
say "upgraded to $(dpkg-query -W -f '${Version}' genspool) with 41 jobs in flight: none lost, none bought twice"
say "a command of a hook ended by itself while the stop waited for the wire"

[[ ! -s /tmp/refused ]] || fail "a client was refused: $(</tmp/refused)"
kill -9 "$(pid)"
await "a restart after kill -9" genspool stats
[[ $(systemctl show -P NRestarts genspoold) == 1 ]] || fail "restarts"
touch /tmp/enough
wait $clients
# The kill may cut off the one that is being answered.
(($(wc -l </tmp/refused) <= 1)) || fail "a client was refused: $(</tmp/refused)"
say "$(wc -l </tmp/asked) questions asked through upgrade, restart and kill -9; nobody was refused"
systemctl stop genspoold.socket genspoold.service
runuser -u genspool -- genspool verify $state >verified 2>&1 || fail "verify: $(cat verified)"
say "the state directory is sound: $(tail -n 1 verified)"
systemctl start genspoold.service
genspool backup $state/backups/monday >/dev/null || fail "no backup"
say "a backup in the place that is there for it"

cp /etc/genspool/genspool.toml right.toml
echo 'nonsense = 1' >>/etc/genspool/genspool.toml
old=$(pid)
install_package ./new.deb
[[ $(pid) == "$old" ]] || fail "an upgrade that refuses the configuration ended the daemon"
grep -q 'nonsense' apt.log || fail "it was not said what is wrong with the configuration"
say "an upgrade that refuses the configuration says so, and the daemon works on"
systemctl restart genspoold 2>/dev/null && fail "it starts with a wrong configuration"
[[ $(systemctl show -P ExecMainStatus genspoold) == 78 ]] || fail "the exit code"
await "clients to be refused" refused
cp right.toml /etc/genspool/genspool.toml
await "a start with the right one" systemctl restart genspoold
genspool stats >/dev/null || fail "after the right configuration"
say "a wrong configuration is not tried for ever, and a restart with the right one serves clients again"
echo 'nonsense = 1' >>/etc/genspool/genspool.toml
systemctl restart genspoold 2>/dev/null && fail "it starts with a wrong configuration"
await "clients to be refused again" refused
cp right.toml /etc/genspool/genspool.toml
install_package ./new.deb
runs || fail "after an upgrade of one that had failed"
say "and so does an upgrade"

useradd --create-home alice
loginctl enable-linger alice
as_alice() { runuser -u alice -- env XDG_RUNTIME_DIR="/run/user/$(id -u alice)" "$@"; }
await "alice's service manager" as_alice systemctl --user show-environment
as_alice systemctl --user start genspoold || fail "alice's daemon: $(as_alice systemctl --user status genspoold)"
as_alice genspool stats >/dev/null
[[ -s /home/alice/.local/state/genspool/db/CURRENT ]] || fail "alice's state"
as_alice systemctl --user stop genspoold.socket genspoold
loginctl disable-linger alice
say "a daemon of a user's own"

apt-get -q remove -y genspool >>apt.log 2>&1
[[ ! -e $socket && -d $state/artifacts && -e /etc/genspool/genspool.toml ]] || fail "after remove"
say "removed: what was bought stays"
install_package ./new.deb
runs || fail "it does not run when it is installed again"
enabled || fail "it is not enabled when it is installed again"
succeeded 63 || fail "its jobs are gone"
say "installed again: it runs, with its jobs"
mount --bind $state/artifacts $state/artifacts
apt-get -q purge -y genspool >>apt.log 2>&1 || fail "a purge with something mounted: $(tail -n 20 apt.log)"
[[ ! -e /etc/genspool ]] || fail "the keys are still there"
umount $state/artifacts
rm -r $state || fail "nothing stayed where something was mounted"
rm -rf /etc/systemd/system/genspoold.service.d /package/*.deb /home/alice
left=$(find / -xdev \( -path /proc -o -path /sys -o -path /run/systemd -o -path /package -o -path /var/cache/man \) -prune -o -name '*genspool*' -print)
[[ -z $left ]] || fail "after purge there is still: $left"
getent passwd genspool >/dev/null || fail "the user is gone"
say "purged: nothing is left but the user"
echo "all is well"
