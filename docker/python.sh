# Part of docker/setup.sh: the virtual environment, from lock files with hashes.
# Environments stand in venvs/<hash of what they are made from>; `venv` is a link to the one in use, so a change of the lock
# files never touches a running service's libraries and going back to the old lock files finds the old environment.

system_python=${MOKED_PYTHON:-/usr/bin/python3}

venv_name() { # level
  { cat "$checkout/requirements-$1.lock" "$checkout/requirements-setup.lock" && readlink -f "$system_python"; } | sha256sum | cut -c1-16
}

# The tests' environment holds everything that running needs, so it serves both levels.
python_is_due() { # level
  now=$(readlink "$MOKED_TOOLS/venv" 2>/dev/null) || now=
  case $now in
    "venvs/$(venv_name "$1")" | "venvs/$(venv_name test)") [ ! -x "$MOKED_TOOLS/venv/bin/python" ] || [ ! -e "$MOKED_TOOLS/$now/complete" ] ;;
    *) true ;;
  esac
}

# uv and Node come as wheels, locked like the rest; they are needed to set up, not to run.
prepare_setup_tools() {
  setup_tools=$MOKED_TOOLS/build/tools
  setup_key=$({ cat "$checkout/requirements-setup.lock" && readlink -f "$system_python"; } | sha256sum | cut -c1-16)
  [ ! -x "$setup_tools/bin/uv" ] || is_due setup-tools "$setup_key" || return 0
  rm -rf "$setup_tools"
  quietly "$system_python" -m venv "$setup_tools" ||
    fail "$(why_work_failed "making a Python environment with $system_python")"
  quietly "$setup_tools/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
    -r "$checkout/requirements-setup.lock" || fail "$(why_fetching_failed "fetching the set-up tools (uv, Node)")"
  stamp setup-tools "$setup_key"
}

build_python() { # level
  step "Python environment"
  prepare_setup_tools
  venv_folder=venvs/$(venv_name "$1")
  if [ ! -e "$MOKED_TOOLS/$venv_folder/complete" ]; then
    rm -rf "${MOKED_TOOLS:?}/$venv_folder"
    mkdir -p "$MOKED_TOOLS/venvs"
    quietly "$setup_tools/bin/uv" --no-config venv --quiet --no-project --python "$system_python" --prompt moked "$MOKED_TOOLS/$venv_folder" &&
      quietly "$setup_tools/bin/uv" --no-config pip sync --quiet --python "$MOKED_TOOLS/$venv_folder/bin/python" --require-hashes \
        --build-constraints "$checkout/requirements-setup.lock" "$checkout/requirements-$1.lock" ||
      fail "$(why_fetching_failed "fetching the Python libraries")"
    : >"$MOKED_TOOLS/$venv_folder/complete"
  fi
  relink "$venv_folder" "$MOKED_TOOLS/venv"
  forget_old_venvs
  step_done
}

# Replaces a link in one rename, so nobody ever finds it missing.
relink() { # target, link
  ln -sfn "$1" "$2.new"
  mv -T "$2.new" "$2"
}

# The one in use and the two before it are kept.
forget_old_venvs() {
  in_use=$(readlink "$MOKED_TOOLS/venv")
  touch "$MOKED_TOOLS/$in_use"
  # shellcheck disable=SC2012
  ls -1dt "$MOKED_TOOLS"/venvs/*/ | tail -n +4 | while read -r old; do rm -rf "$old"; done
}
