#!/bin/sh
# Writes the lock files anew from pyproject.toml: exact versions with hashes, for Python 3.11 to 3.13, no registry host in them.
# Run by a developer after changing dependencies (`--upgrade` takes newer versions); needs ./moked setup test.
set -eu
cd -- "$(dirname -- "$(readlink -f -- "$0")")/.."
uv=${MOKED_TOOLS:-.moked/tools}/venv/bin/uv

lock() {
  file=$1
  shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links --output-file "$file" "$@"
}

lock requirements-run.lock pyproject.toml "$@"
lock requirements-test.lock pyproject.toml --group dev --constraint requirements-run.lock "$@"
lock requirements-setup.lock --group setup "$@"
