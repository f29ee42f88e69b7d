"""The process that asks Google for one prompt: text on stdin, MP3 on stdout."""

import io
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import requests
from gtts import gTTS, gTTSError

ATTEMPTS = 5
FIRST_WAIT = 4.0  # seconds after a refusal, doubled each time: 429 comes after bursts
ANSWER_WAIT = 20.0  # seconds


class Refused(Exception):
    """Google did not give the sound."""


def fetch(text: str, code: str, sleep: Callable[[float], None] = time.sleep) -> bytes:
    """Return *text* spoken, as MP3; tried again when Google says "too many" or is not reached.

    Raises:
        Refused: not obtained after all attempts, or refused for good.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _ask(text, code)
        except gTTSError as error:
            reason = _reason(error)
            if attempt == ATTEMPTS or not _is_passing(error):
                raise Refused(reason) from error
        except requests.exceptions.SSLError as error:
            raise Refused("the server's certificate cannot be verified") from error
        except requests.exceptions.RequestException as error:
            if attempt == ATTEMPTS:
                raise Refused(type(error).__name__) from error
        # A process of its own with nothing else to do: sleeping is what it is for.
        sleep(FIRST_WAIT * 2 ** (attempt - 1) * random.uniform(0.8, 1.2))  # noqa: S311 - jitter
    raise Refused("no attempt was made")


def verify_certificates() -> None:
    """Make every HTTPS request check its certificate: gTTS 2.5.4 asks for ``verify=False``."""
    original = requests.Session.send

    def send(self: requests.Session, request: Any, **options: Any) -> requests.Response:
        options["verify"] = options["verify"] or True
        return original(self, request, **options)

    requests.Session.send = send  # type: ignore[method-assign]


def main() -> int:
    verify_certificates()
    text = sys.stdin.buffer.read().decode()
    try:
        sys.stdout.buffer.write(fetch(text, sys.argv[1]))
    except Refused as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _ask(text: str, code: str) -> bytes:
    held = io.BytesIO()
    gTTS(text, lang=code, lang_check=False, timeout=ANSWER_WAIT).write_to_fp(held)
    return held.getvalue()


def _is_passing(error: gTTSError) -> bool:
    status = getattr(error.rsp, "status_code", None)
    return status is None or status == 429 or status >= 500


def _reason(error: gTTSError) -> str:
    return f"status {getattr(error.rsp, 'status_code', 'none')}"


if __name__ == "__main__":
    sys.exit(main())
