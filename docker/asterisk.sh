# Part of docker/setup.sh: the private Asterisk, Debian sid's packages unpacked with all they depend on, sid's libc included.
# It stands in asterisk-roots/<version>; `asterisk` is a link to the one in use and `asterisk.previous` to the one before.

asterisk_key() { sed '/^#/d; /^$/d' "$checkout/docker/packages-asterisk.txt" | sha256sum | cut -c1-16; }

asterisk_is_due() {
  [ ! -e "$MOKED_TOOLS/asterisk/complete" ] || is_due asterisk "$(asterisk_key)"
}

# Runs in the background; its messages go to a log of its own, which is added to the whole one afterwards.
start_fetching_asterisk() {
  asterisk_log=$logs/asterisk.log
  asterisk_began=$(date +%s)
  asterisk_new=$MOKED_TOOLS/asterisk-roots/.new
  rm -rf "$asterisk_new"
  mkdir -p "$MOKED_TOOLS/asterisk-roots"
  fetch_asterisk >"$asterisk_log" 2>&1 &
  asterisk_job=$!
}

# `chrootless` with `extract` unpacks and runs nothing, so it needs neither root nor user namespaces; no mirror is named.
# Debian sid's Release file is sometimes past its date.
fetch_asterisk() {
  wanted=$(sed '/^#/d; /^$/d' "$checkout/docker/packages-asterisk.txt" | paste -sd, -)
  exec mmdebstrap --mode=chrootless --variant=extract --include="$wanted" \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "2"' \
    --verbose sid "$asterisk_new"
}

finish_fetching_asterisk() {
  step "Private Asterisk (fetched beside the steps above)"
  if wait "$asterisk_job"; then asterisk_job=; else
    asterisk_job=
    cat "$asterisk_log" >>"$step_log"
    rm -rf "$asterisk_new"
    fail "$(why_fetching_failed "fetching Asterisk from Debian sid")"
  fi
  cat "$asterisk_log" >>"$step_log"
  accept_asterisk
  step_done "$asterisk_began"
}

asterisk_version_of() { # root: e.g. 22.10.1+dfsg+~cs6.17.60671434-1
  for loader in "$1"/usr/lib/*/ld-linux*.so.*; do
    libraries=$(dirname "$loader")
    "$loader" --library-path "$libraries:$libraries/asterisk" "$1/usr/sbin/asterisk" -V 2>>"$step_log" | sed -n 's/^Asterisk //p'
    return
  done
}

# 22.10.1 is the first with the fixes that we rely on; 23 is another major version with other interfaces.
is_wanted_version() { # version
  numbers=$(printf '%s' "$1" | sed -n 's/^\([0-9]*\)\.\([0-9]*\)\.\([0-9]*\).*/\1 \2 \3/p')
  [ -n "$numbers" ] || return 1
  # shellcheck disable=SC2086
  set -- $numbers
  [ "$1" -eq 22 ] && [ $(($2 * 1000 + $3)) -ge 10001 ]
}

accept_asterisk() {
  version=$(asterisk_version_of "$asterisk_new")
  [ -n "$version" ] || fail "the fetched Asterisk does not start on this machine ($(uname -m)); see the log, or set the address of an Asterisk of your own"
  is_wanted_version "$version" || {
    rm -rf "$asterisk_new"
    fail "Debian sid now carries Asterisk $version, and Moked needs 22.10.1 or a later 22.x; copy asterisk-roots and the link asterisk from another machine's tools folder, or set the address of an Asterisk of your own"
  }
  [ -e "$asterisk_new/usr/share/asterisk/documentation/core-en_US.xml" ] ||
    fail "the fetched Asterisk lacks its documentation XML, which the configuration check reads; report this with the log"
  # Prompts named in English are looked for under sounds/en, a link that Debian makes only when installing.
  ln -sfn en_US_f_Allison "$asterisk_new/usr/share/asterisk/sounds/en"
  rm -rf "$asterisk_new/var/cache/apt" "$asterisk_new/var/lib/apt" "${asterisk_new:?}/dev"
  echo "$version" >"$asterisk_new/complete"
  use_asterisk "$version"
  stamp asterisk "$(asterisk_key)"
}

use_asterisk() { # version: moves the new root to its place; the same version again gets a number
  place=asterisk-roots/$1
  again=1
  while [ -e "$MOKED_TOOLS/$place" ]; do
    again=$((again + 1))
    place=asterisk-roots/$1.$again
  done
  mv "$asterisk_new" "$MOKED_TOOLS/$place"
  [ ! -L "$MOKED_TOOLS/asterisk" ] || relink "$(readlink "$MOKED_TOOLS/asterisk")" "$MOKED_TOOLS/asterisk.previous"
  relink "$place" "$MOKED_TOOLS/asterisk"
  for old in "$MOKED_TOOLS"/asterisk-roots/*; do
    case asterisk-roots/${old##*/} in
      "$(readlink "$MOKED_TOOLS/asterisk")" | "$(readlink "$MOKED_TOOLS/asterisk.previous")") ;;
      *) rm -rf "$old" ;;
    esac
  done
}

undo_asterisk() {
  [ -e "$MOKED_TOOLS/asterisk.previous/complete" ] || fail "there is no previous Asterisk to go back to; ./moked upgrade fetches a new one"
  now=$(readlink "$MOKED_TOOLS/asterisk")
  relink "$(readlink "$MOKED_TOOLS/asterisk.previous")" "$MOKED_TOOLS/asterisk"
  relink "$now" "$MOKED_TOOLS/asterisk.previous"
  say "Asterisk is $(cat "$MOKED_TOOLS/asterisk/complete") again; restart Moked to use it."
}

record_versions() {
  {
    printf '{"asterisk": "%s", ' "$(cat "$MOKED_TOOLS/asterisk/complete" 2>/dev/null)"
    printf '"asterisk_previous": "%s", ' "$(cat "$MOKED_TOOLS/asterisk.previous/complete" 2>/dev/null)"
    printf '"python": "%s", ' "$("$MOKED_TOOLS/venv/bin/python" -V 2>/dev/null | cut -d' ' -f2)"
    printf '"venv": "%s", "set_up_at": "%s"}\n' "$(readlink "$MOKED_TOOLS/venv")" "$(date -u +%FT%TZ)"
  } >"$MOKED_TOOLS/versions.json.new"
  mv "$MOKED_TOOLS/versions.json.new" "$MOKED_TOOLS/versions.json"
}
