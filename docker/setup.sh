#!/bin/sh
# Sets Moked up on a bare machine: system packages, libraries, a private Asterisk, the front end, the prompts.
# usage: docker/setup.sh run | test | upgrade [--undo]
#   upgrade fetches Asterisk and the build tools anew; libraries are as the lock files say, so they change with the checkout.
# Each step leaves a stamp named by a hash of what it was made from; a step with a current stamp does nothing, so a second
# start needs neither network nor rights. Any step may be interrupted and run again: results appear by one rename.
set -eu

checkout=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
MOKED_TOOLS=${MOKED_TOOLS:-$checkout/.moked/tools}
logs=$MOKED_TOOLS/log
stamps=$MOKED_TOOLS/stamps
log=$logs/setup.log
step_log=$logs/step.log # only of the step that runs now
began=$(date +%s)

. "$checkout/docker/saying.sh"
. "$checkout/docker/machine.sh"
. "$checkout/docker/python.sh"
. "$checkout/docker/asterisk.sh"
. "$checkout/docker/media.sh"

# A step is due when its stamp does not carry the hash of what it would be made from now, or when all is to be made anew.
is_due() { # step, key
  [ -n "${anew:-}" ] || [ "$(cat "$stamps/$1" 2>/dev/null)" != "$2" ]
}

stamp() { # step, key
  echo "$2" >"$stamps/$1.new" && mv "$stamps/$1.new" "$stamps/$1"
}

due_steps() { # level
  due=
  is_due "packages-$1" "$(packages_key "$1")" && due="$due packages"
  python_is_due "$1" && due="$due python"
  asterisk_is_due && due="$due asterisk"
  web_is_due && due="$due web"
  prompts_are_due && due="$due prompts"
  due=${due# }
}

count_steps() {
  steps=0
  for step in $due; do steps=$((steps + 1)); done
  at=0
}

one_at_a_time() {
  exec 9>"$MOKED_TOOLS/setup.lock"
  flock -n 9 && return
  say "Another set-up is running here; this one waits for it."
  flock -w "${MOKED_SETUP_WAIT:-1800}" 9 ||
    fail "another set-up has been running in $MOKED_TOOLS for too long; wait for it or stop it, then run this again"
}

stop_work() {
  trap '' INT TERM
  [ -z "${asterisk_job:-}" ] || kill "$asterisk_job" 2>/dev/null || true
  allow_services
  keep_step_log
  say "Set-up was interrupted; run the same command again and it goes on from there."
  exit 130
}

set_up() { # level
  due_steps "$1"
  [ -n "$due" ] || return 0
  check_folder
  one_at_a_time
  due_steps "$1" # what another set-up did in the meantime need not be done again
  [ -n "$due" ] || return 0
  count_steps
  check_disk "$1"
  trap stop_work INT TERM
  asterisk_job=
  case " $due " in *" packages "*) install_packages "$1" ;; esac
  case " $due " in *" asterisk "*) start_fetching_asterisk ;; esac # beside the next steps: it mostly waits for the network
  case " $due " in *" python "*) build_python "$1" ;; esac
  case " $due " in *" web "*) build_web ;; esac
  case " $due " in *" prompts "*) build_prompts ;; esac
  [ -z "$asterisk_job" ] || finish_fetching_asterisk
  trap - INT TERM
  record_versions
  say "Set up in $(($(date +%s) - began)) s."
}

upgrade() { # [--undo]
  check_folder
  one_at_a_time
  case ${1:-} in
    --undo)
      undo_asterisk
      record_versions
      return
      ;;
    '') ;;
    *) fail "upgrade knows only --undo, not $1" ;;
  esac
  exec 9>&-
  anew=1 # and not by removing stamps: an upgrade that fails leaves what works
  set_up run
  say "Running services take the new versions when they next start; ./moked upgrade --undo goes back to the previous Asterisk."
}

case ${1:-} in
  run | test) set_up "$1" ;;
  upgrade)
    shift
    upgrade "$@"
    ;;
  *) fail "usage: docker/setup.sh run | test | upgrade [--undo]" ;;
esac
