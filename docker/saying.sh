# Part of docker/setup.sh: what the person sees while a step runs, and the one sentence when it fails.

say() { printf '%s\n' "$*" >&2; }

fail() { # what happened and what to do, as one sentence
  trap - INT TERM
  [ -z "${asterisk_job:-}" ] || kill "$asterisk_job" 2>/dev/null || true
  allow_services
  [ ! -w "$logs" ] || {
    keep_step_log
    printf 'failed: %s\n' "$*" >>"$log"
  }
  say "Moked set-up stopped: $*."
  [ ! -s "$log" ] || say "(The whole log: $log)"
  exit 1
}

step() { # what it does; begins a step and its own log
  at=$((at + 1))
  step_began=$(date +%s)
  say "[$at/$steps] $*"
  printf '== %s %s\n' "$(date -u +%FT%TZ)" "$*" >"$step_log"
}

keep_step_log() {
  [ ! -s "$step_log" ] || cat "$step_log" >>"$log"
  rm -f "$step_log"
}

step_done() { # when it began, if not with its announcement
  keep_step_log
  say "      done in $(($(date +%s) - ${1:-$step_began})) s"
}

# Runs a command with its output in the log only. In a subshell, so that what a trap says meanwhile is seen.
quietly() { ("$@") >>"$step_log" 2>&1 9>&-; }

# Some programs die of a full disk without saying so.
is_disk_full() {
  df -Pk "$MOKED_TOOLS" / "${TMPDIR:-/tmp}" 2>/dev/null | awk 'NR > 1 && $4 < 51200 { full = 1 } END { exit !full }'
}

is_in_log() { # patterns, one a line
  tail -n 60 "$step_log" 2>/dev/null | grep -qiF -e "$1"
}

# Turns the end of the step's log into the one reason that a person can act on.
why_work_failed() { # what was being done
  if is_disk_full || is_in_log 'no space left on device
disk quota exceeded'; then
    echo "the disk is full while $1; free some space and run the same command again"
  elif is_in_log 'are you root
permission denied
a password is required
not in the sudoers'; then
    echo "this user may not do that while $1; run the same command as root"
  else
    echo "$1 did not work; the last lines of the log say why"
  fi
}

# The same for work that needs the network.
why_fetching_failed() { # what was being done
  if is_in_log 'hash mismatch
do not match the hashes
eintegrity'; then
    echo "a downloaded file is not the one that the lock file names while $1; check the package mirror or proxy in use"
  elif ! is_disk_full && is_in_log 'could not resolve
temporary failure
could not connect
connection refused
connection timed out
network is unreachable
failed to establish a new connection
error sending request
dns error
eai_again
enotfound
econnrefused
etimedout
failed to fetch
unable to connect'; then
    echo "the network (package sources) cannot be reached while $1; connect this machine or set its proxy, then run the same command again"
  else
    why_work_failed "$1"
  fi
}
