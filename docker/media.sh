# Part of docker/setup.sh: what is built from the checkout's own sources, the front end and the prompts.

web_sources=$checkout/ivr/console/web

tree_key() { # folders and files: a hash of names and contents, without what tools leave there
  find "$@" \( -name node_modules -o -name dist -o -name __pycache__ -o -name paraglide \) -prune -o -type f -print |
    LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -c1-16
}

web_is_due() {
  [ -f "$web_sources/package-lock.json" ] && [ -f "$web_sources/index.html" ] || return 1
  [ ! -f "$MOKED_TOOLS/web/index.html" ] || is_due web "$(tree_key "$web_sources")"
}

build_web() {
  step "Front end"
  prepare_setup_tools
  key=$(tree_key "$web_sources")
  work=$MOKED_TOOLS/build/web
  mkdir -p "$work"
  find "$work" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
  (cd "$web_sources" && tar -cf - --exclude=./node_modules --exclude=./dist .) | tar -xf - -C "$work"
  PATH=$setup_tools/bin:$PATH # npm's scripts look for node by name
  libraries_key=$(sha256sum "$work/package-lock.json" | cut -c1-16)
  if [ ! -d "$work/node_modules" ] || is_due web-libraries "$libraries_key"; then
    quietly in_web npm ci --no-audit --no-fund --no-update-notifier || fail "$(why_fetching_failed "fetching the front end's libraries")"
    stamp web-libraries "$libraries_key"
  fi
  quietly in_web npm run build || fail "$(why_work_failed "building the front end")"
  [ -f "$work/dist/index.html" ] || fail "building the front end left no dist/index.html; see the log"
  rm -rf "$MOKED_TOOLS/web.old"
  [ ! -e "$MOKED_TOOLS/web" ] || mv "$MOKED_TOOLS/web" "$MOKED_TOOLS/web.old"
  mv "$work/dist" "$MOKED_TOOLS/web"
  rm -rf "$MOKED_TOOLS/web.old"
  stamp web "$key"
  step_done
}

in_web() { (cd "$MOKED_TOOLS/build/web" && NO_COLOR=1 "$@" </dev/null); }

prompts_key() { { tree_key "$checkout/prompts" "$checkout/ivr/prompts" && echo "${MOKED_NONFREE:-}"; } | sha256sum | cut -c1-16; }

prompts_are_due() {
  [ -f "$checkout/ivr/prompts/build.py" ] && [ -d "$checkout/prompts" ] || return 1
  is_due prompts "$(prompts_key)"
}

# Voices are made once for all instances and kept by content in tools/prompts; each instance's start copies what it needs,
# so the folder that this build fills is only thrown away.
build_prompts() {
  step "Prompts (offline voices)"
  quietly env "PYTHONPATH=$checkout" "$MOKED_TOOLS/venv/bin/python" -m ivr.prompts.build --site-prompts "$checkout/prompts" \
    --home "$MOKED_TOOLS/build/prompts" --tools "$MOKED_TOOLS" || fail "$(why_work_failed "building the prompts")"
  rm -rf "$MOKED_TOOLS/build/prompts"
  stamp prompts "$(prompts_key)"
  step_done
}
