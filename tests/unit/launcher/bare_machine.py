"""A machine of straw for the launcher: real shell tools, stand-ins for what would change it.

The stand-ins of apt-get, mmdebstrap, pip, uv, npm and so on do as little as the set-up scripts rely
on and note each call in a file, so that a test can say what was done and what was not.
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
TOOLS_OF_MINBASE = """
    awk basename cat chmod chown cp cut date dirname env find flock grep head ln ls mkdir mkfifo mv
    paste printf readlink rm sed sh sha256sum sleep sort stat tail tar tee touch tr uname xargs
"""

STAND_INS = {
    "apt-get": """case " $* " in *" install "*)
        [ -z "${APT_SAYS:-}" ] || { echo "$APT_SAYS" >&2; exit 100; }
        for word in "$@"; do
          case $word in -*|*=*) ;; *) echo "$word" >>"$STATE/installed" ;; esac; done ;; esac""",
    "dpkg-query": """shift 3; found=1
        for name in "$@"; do
          ! grep -qx -- "$name" "$STATE/installed" 2>/dev/null || { echo 'ii '; found=0; }; done
        exit $found""",
    "df": """echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
        echo "/dev/straw 9999999999 1 $((${FREE_MB:-100000} * 1024)) 1% /" """,
    "id": """echo "${USER_ID:-0}" """,
    "sudo": """exec "$@" """,
    "npm": """[ "$1" != ci ] || mkdir -p node_modules
        [ "$1" != run ] || [ -z "${NPM_SAYS:-}" ] || { echo "$NPM_SAYS" >&2; exit 1; }
        [ "$1" != run ] || { mkdir -p dist; cp index.html dist/index.html; }""",
    "mmdebstrap": """[ -z "${MMDEBSTRAP_SAYS:-}" ] || { echo "$MMDEBSTRAP_SAYS" >&2; exit 1; }
        for root in "$@"; do :; done
        mkdir -p "$root/usr/lib/x86_64-linux-gnu" "$root/usr/share/asterisk/documentation" \\
          "$root/usr/share/asterisk/sounds/en_US_f_Allison"
        : >"$root/usr/share/asterisk/documentation/core-en_US.xml"
        loader=$root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
        printf '#!/bin/sh\\necho Asterisk %s\\n' "${VERSION:-22.10.1+dfsg-1}" >"$loader"
        chmod 755 "$loader" """,
    "system-python": """case "$*" in "-m venv "*)
          mkdir -p "$3/bin"
          for tool in python uv npm; do ln -s "$STATE/bin/in-tools" "$3/bin/$tool"; done ;; esac""",
    # uv and the pip of the set-up tools; `uv venv` makes a python that prints how it was called.
    "in-tools": """case "${0##*/}:$*" in
        python:*"pip install"*) [ -z "${PIP_SAYS:-}" ] || { echo "$PIP_SAYS" >&2; exit 1; } ;;
        uv:*" venv "*) for folder in "$@"; do :; done
          mkdir -p "$folder/bin"; ln -s "$STATE/bin/moked-python" "$folder/bin/python" ;;
        uv:*"pip sync"*) [ -z "${UV_SAYS:-}" ] || { echo "$UV_SAYS" >&2; exit 1; } ;;
        npm:*) exec "$STATE/bin/npm" "$@" ;; esac""",
    "moked-python": """[ "$*" != -V ] || { echo Python 3.11.2; exit; }
        echo "args:$*"; echo "PYTHONPATH:$PYTHONPATH"
        echo "MOKED_TOOLS:$MOKED_TOOLS"; echo "python:$0" """,
}


class BareMachine:
    """A checkout of the launcher in *folder*, and a PATH with nothing but a minimal system."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "check out"
        self.tools = folder / "tools"
        self.state = folder / "state"
        self.os_release = folder / "os-release"
        self.describe_system("debian", "12")
        self._copy_launcher()
        self._fill_path()
        self.environment = {
            "PATH": str(self.state / "bin"),
            "STATE": str(self.state),
            "HOME": str(folder),
            "MOKED_TOOLS": str(self.tools),
            "MOKED_OS_RELEASE": str(self.os_release),
            "MOKED_PYTHON": str(self.state / "bin" / "system-python"),
        }

    def _copy_launcher(self) -> None:
        (self.checkout / "docker").mkdir(parents=True)
        for name in (
            "moked",
            "pyproject.toml",
            *(p.name for p in CHECKOUT.glob("requirements*.lock")),
        ):
            shutil.copy2(CHECKOUT / name, self.checkout / name)
        for path in (*CHECKOUT.glob("docker/*.sh"), *CHECKOUT.glob("docker/*.txt")):
            shutil.copy2(path, self.checkout / "docker" / path.name)

    def _fill_path(self) -> None:
        programs = self.state / "bin"
        programs.mkdir(parents=True)
        for name in TOOLS_OF_MINBASE.split():
            real = shutil.which(name)
            assert real, f"this machine lacks {name}"
            (programs / name).symlink_to(real)
        for name, body in STAND_INS.items():
            note = f'echo "{name} ${{0##*/}} $*" >>"$STATE/calls"'
            hang = (
                f'[ "${{HANG:-}}" != {name} ] || {{ echo began >"$STATE/began"; exec sleep 60; }}'
            )
            (programs / name).write_text(f"#!/bin/sh\n{note}\n{hang}\n{body}\n", encoding="utf-8")
            (programs / name).chmod(0o755)

    def describe_system(self, name: str, version: str) -> None:
        self.os_release.write_text(
            f'ID={name}\nVERSION_ID="{version}"\nPRETTY_NAME="The {name} {version}"\n',
            encoding="utf-8",
        )

    def add_front_end(self, page: str) -> None:
        """Write front-end sources with *page* as their index.html."""
        sources = self.checkout / "ivr" / "console" / "web"
        sources.mkdir(parents=True, exist_ok=True)
        for name, text in (
            ("package.json", "{}"),
            ("package-lock.json", "{}"),
            ("index.html", page),
        ):
            (sources / name).write_text(text, encoding="utf-8")

    def remove(self, program: str) -> None:
        (self.state / "bin" / program).unlink()

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[str]":
        """Begin ``./moked words`` from some other folder, in a process group of its own."""
        return subprocess.Popen(
            [str(self.checkout / "moked"), *words],
            cwd="/",
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run ``./moked words`` to its end."""
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=30)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def interrupt(self, process: "subprocess.Popen[str]") -> str:
        """Press Ctrl-C on *process* and return what it said on the error stream."""
        os.killpg(process.pid, signal.SIGINT)
        return process.communicate(timeout=30)[1]

    @property
    def calls(self) -> list[str]:
        """Every call of a stand-in so far, but for the questions that change nothing."""
        path = self.state / "calls"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [
            line
            for line in lines
            if line.split()[0] not in ("df", "id", "dpkg-query", "moked-python")
        ]
