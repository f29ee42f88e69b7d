# Part of docker/setup.sh: what the person sees while a step runs, and the one sentence when it fails.

say() { printf '%s\n' "$*" >&2; }

fail() { # what happened and what to do, as one sentence
  trap - INT TERM
  [ -z "${asterisk_job:-}" ] || kill "$asterisk_job" 2>/dev/null || true
  allow_services
  [ ! -d "$logs" ] || printf 'failed: %s\n' "$*" >>"$log" 2>/dev/null || true
  say "Moked set-up stopped: $*."
  [ ! -s "$log" ] || say "(The whole log: $log)"
  exit 1
}

step() { # what it does; begins a step and its own log
  at=$((at + 1))
  step_began=$(date +%s)
  step_name=$*
  say "[$at/$steps] $*"
  printf '\n== %s %s\n' "$(date -u +%FT%TZ)" "$*" >>"$log"
}

step_done() {
  say "      done in $(($(date +%s) - ${1:-$step_began})) s"
}

# Runs a command with its output in the log only; prints nothing.
quietly() { "$@" >>"$log" 2>&1 9>&-; }

# Turns the end of a log into the one reason that a person can act on.
reason() { # file, what was being done
  last=$(tail -n 60 "$1" 2>/dev/null)
  case $last in
    *"No space left on device"* | *"Disk quota exceeded"*)
      echo "the disk is full while $2; free some space and run the same command again" ;;
    *"hash"*[Mm]"ismatch"* | *"HASHES"*"DO NOT MATCH"* | *"EINTEGRITY"*)
      echo "a downloaded file is not the one that the lock file names while $2; check the package mirror or proxy in use" ;;
    *"Could not resolve"* | *"Temporary failure"* | *"Could not connect"* | *"Connection refused"* | *"onnection timed out"* | \
    *"Network is unreachable"* | *"ailed to establish a new connection"* | *"error sending request"* | *"dns error"* | \
    *"EAI_AGAIN"* | *"ENOTFOUND"* | *"ECONNREFUSED"* | *"ETIMEDOUT"* | *"Failed to fetch"* | *"Unable to connect"*)
      echo "the network (package sources) cannot be reached while $2; connect this machine or set its proxy, then run the same command again" ;;
    *"are you root"* | *"Permission denied"* | *"a password is required"* | *"not in the sudoers"*)
      echo "this user may not do that while $2; run the same command as root" ;;
    *)
      echo "$2 did not work; the last lines of the log say why" ;;
  esac
}
