"""Schemathesis reads our own description and sends what it can think of: no server error."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser.conftest import House
from tests.fakes.console import AUTHORITY

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# These would end the session or shut out the user that the requests are sent as.
ENDING = r"/api/sign-out|/api/me/password|/api/users/.*|/api/sign-in|/first/.*"
SECONDS = 20


@pytest.mark.parametrize("name", ["admin", "lead"])
def test_nothing_that_is_sent_makes_a_server_error(house: House, name: str, tmp_path: Path) -> None:
    user = house.thread.run(house.ports.users.by_name(AUTHORITY, name))
    assert user is not None
    new = house.thread.run(house.ports.sessions.begin(user, timedelta(hours=1)))
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"{house.url}/api/openapi.json",
            "--header", f"Cookie: moked={new.token}",
            "--header", f"X-Moked-CSRF: {new.session.csrf}",
            "--exclude-path-regex", ENDING,
            "--checks", "not_a_server_error",
            "--phases", "examples,coverage,fuzzing",
            "--max-examples", "15",
            "--max-time", str(SECONDS),
            "--no-shrink",
            "--continue-on-failure",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    sent = re.search(r"(\d+) generated", done.stdout)
    assert sent is not None
    assert int(sent[1]) > 29  # more than one for each route
    assert house.thread.run(house.ports.sessions.find(new.token, idle=timedelta(hours=1)))
