# Part of docker/setup.sh: the machine itself, its distribution, rights, disk and Debian packages.

check_distribution() {
  ID=unknown VERSION_ID='' PRETTY_NAME=''
  os_release=${MOKED_OS_RELEASE:-/etc/os-release}
  # shellcheck source=/dev/null
  [ ! -r "$os_release" ] || . "$os_release"
  case $ID:$VERSION_ID in
    debian:12 | debian:13) ;;
    ubuntu:24.04) say "Ubuntu 24.04 is supported, but Moked is not tested on it." ;;
    *) fail "this machine runs ${PRETTY_NAME:-an unknown system}, and Moked installs itself only on Debian 12 or 13 and Ubuntu 24.04; use one of those or the container in $checkout/docker" ;;
  esac
}

check_folder() {
  mkdir -p "$logs" "$stamps" 2>/dev/null && [ -w "$MOKED_TOOLS" ] ||
    fail "this user cannot write $MOKED_TOOLS; run as the user who owns it or set MOKED_TOOLS to another folder"
}

check_disk() { # level
  case $1 in test) needed=${MOKED_NEEDED_MB:-3000} ;; *) needed=${MOKED_NEEDED_MB:-1500} ;; esac
  free=$(df -Pk "$MOKED_TOOLS" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "${free:-$needed}" -ge "$needed" ] ||
    fail "the disk with $MOKED_TOOLS has $free MB free and set-up needs $needed MB; free some space or set MOKED_TOOLS to another disk"
}

packages() { # level: the names, one a line
  cat "$checkout/docker/packages-run.txt"
  [ "$1" = run ] || cat "$checkout/docker/packages-test.txt"
  [ "${MOKED_NONFREE:-}" != 1 ] || printf '%s\n' mbrola mbrola-hb2
}

packages_key() { # level
  { packages "$1"; cat "${MOKED_OS_RELEASE:-/etc/os-release}" 2>/dev/null; } | sha256sum | cut -c1-16
}

# Mail servers exclude one another: on a machine that has one already, the tests' own is not forced in its place.
without_second_mailer() {
  if dpkg-query -W -f '${db:Status-Abbrev}\n' exim4-daemon-heavy opensmtpd postfix sendmail-bin 2>/dev/null | grep -q '^ii'; then
    grep -v '^exim4-daemon-light$'
  else
    cat
  fi
}

missing_packages() { # level
  packages "$1" | sed '/^#/d; /^$/d' | without_second_mailer | while read -r name; do
    case $(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null) in ii*) ;; *) echo "$name" ;; esac
  done
}

one_line() { printf '%s' "$1" | tr '\n' ' ' | sed 's/ $//'; }

check_rights() {
  [ "$(id -u)" = 0 ] && return
  command -v sudo >/dev/null 2>&1 ||
    fail "these Debian packages are missing and only root may install them: $(one_line "$missing"); run this as root once, or have them installed with apt-get install"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A test machine needs the programs of PostgreSQL and Exim, not their services on the standard ports.
keep_services_off() {
  [ -e /etc/postgresql-common/createcluster.conf ] || {
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  }
  [ ! -e /usr/sbin/policy-rc.d ] || return 0
  printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod 755 /usr/sbin/policy-rc.d
  services_kept_off=1
}

allow_services() {
  [ -z "${services_kept_off:-}" ] || as_root rm -f /usr/sbin/policy-rc.d
  services_kept_off=
}

install_packages() { # level
  missing=$(missing_packages "$1")
  if [ -n "$missing" ]; then
    step "Debian packages: $(one_line "$missing")"
    check_distribution
    check_rights
    [ "$1" = run ] || keep_services_off
    quietly apt update || true # a broken source of somebody else's need not stop us; a missing one shows in the next line
    # shellcheck disable=SC2086
    quietly apt install --no-install-recommends $missing || {
      case $(cat "$step_log") in
        *"Unable to locate package mbrola"*) fail "MOKED_NONFREE=1 asks for MBROLA, and this machine has Debian's contrib and non-free not enabled; enable them or unset MOKED_NONFREE" ;;
        *"Could not get lock"*) fail "another package installation is running on this machine; wait until it is finished and run the same command again" ;;
      esac
      fail "$(why_fetching_failed "installing Debian packages")"
    }
    allow_services
  else
    step "Debian packages: all there"
  fi
  step_done
  stamp "packages-$1" "$(packages_key "$1")"
  [ "$1" = run ] || stamp packages-run "$(packages_key run)"
}

apt() { # command and its arguments
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -q -y --no-remove -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    -o DPkg::Lock::Timeout=180 -o Acquire::Retries=2 "$@" </dev/null
}
