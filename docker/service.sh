#!/bin/sh
# Makes Moked a service of this machine: renders a systemd unit and a log rotation rule, and says how to switch them on.
# usage: ./moked service install [--to FOLDER]      (FOLDER instead of /etc, to look at them or for a package)
set -eu

checkout=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
MOKED_TOOLS=${MOKED_TOOLS:-$checkout/.moked/tools}
MOKED_HOME=${MOKED_HOME:-$checkout/.moked}

stop() {
  printf 'Moked: %s.\n' "$*" >&2
  exit 1
}

[ "${1:-}" = install ] || stop "usage: ./moked service install [--to FOLDER]"
to=/etc
if [ "${2:-}" = --to ]; then to=${3:?--to needs a folder}; elif [ -n "${2:-}" ]; then stop "service install knows only --to FOLDER, not $2"; fi

case $checkout$MOKED_HOME$MOKED_TOOLS in
  *[\"\\\']* | *'
'*) stop "a folder with a quote, a backslash or a line break in its name cannot be written into a systemd unit; move the checkout" ;;
esac
[ ! -L "$MOKED_TOOLS/venv" ] || [ -x "$MOKED_TOOLS/venv/bin/python" ] || stop "set-up is not complete; run ./moked up once first"

unit_text() { printf '%s' "$1" | sed 's/%/%%/g'; } # systemd reads % as the start of a specifier

owner=$(stat -c %U "$checkout")
unit=$to/systemd/system/moked.service
rotation=$to/logrotate.d/moked
mkdir -p "${unit%/*}" "${rotation%/*}" 2>/dev/null && [ -w "${unit%/*}" ] && [ -w "${rotation%/*}" ] ||
  stop "this user cannot write $to; run it as root, or with --to FOLDER and copy the files"

# KillMode=process: if the supervisor dies, calls go on, and the restarted one adopts what still runs.
# `moked down` is the way to stop everything.
cat >"$unit.new" <<END
[Unit]
Description=Moked call centre
Wants=network-online.target
After=network-online.target

[Service]
Type=simple
User=$owner
WorkingDirectory=$(unit_text "$checkout")
Environment="MOKED_HOME=$(unit_text "$MOKED_HOME")" "MOKED_TOOLS=$(unit_text "$MOKED_TOOLS")"
ExecStart="$(unit_text "$checkout")/moked" up
ExecStop="$(unit_text "$checkout")/moked" down
Restart=always
RestartSec=2
TimeoutStopSec=60
KillMode=process
LimitCORE=0
LimitNOFILE=65536
NoNewPrivileges=yes
PrivateTmp=no

[Install]
WantedBy=multi-user.target
END

# Our logs and Asterisk's are rotated by Moked itself; left are what its processes print and what set-up writes.
# Processes keep those files open, so they are copied and emptied; `su` because the folder is not root's.
cat >"$rotation.new" <<END
"$MOKED_HOME/log/*.out" "$MOKED_TOOLS/log/*.log" {
  su $owner $(stat -c %G "$checkout")
  daily
  maxsize 100M
  rotate 14
  compress
  delaycompress
  copytruncate
  missingok
  notifempty
}
END
mv "$unit.new" "$unit"
mv "$rotation.new" "$rotation"

cat <<END
Written: $unit
         $rotation
Switch it on with:  systemctl daemon-reload && systemctl enable --now moked
Watch it with:      systemctl status moked;  journalctl -u moked
END
