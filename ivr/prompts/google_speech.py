"""The process that asks Google for one prompt: text on stdin, MP3 on stdout."""

import io
import os
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
    """Google did not give the sound; *is_passing*: it may if asked again later."""

    def __init__(self, reason: str, is_passing: bool = False) -> None:
        super().__init__(reason)
        self.is_passing = is_passing


def fetch(text: str, code: str, sleep: Callable[[float], None] = time.sleep) -> bytes:
    """Return *text* spoken, as MP3; tried again when Google says "too many" or is not reached.

    Raises:
        Refused: not obtained after all attempts, or refused for good.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _ask(text, code)
        except Refused as refused:
            if attempt == ATTEMPTS or not refused.is_passing:
                raise
        # A process of its own with nothing else to do: sleeping is what it is for.
        sleep(FIRST_WAIT * 2 ** (attempt - 1) * random.uniform(0.8, 1.2))  # noqa: S311 - jitter
    raise Refused("no attempt was made")


def verify_certificates() -> None:
    """Make every HTTPS request check its certificate: gTTS 2.5.4 asks for ``verify=False``."""
    original = requests.Session.send
    trusted = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True

    def send(self: requests.Session, request: Any, **options: Any) -> requests.Response:
        options["verify"] = trusted
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
    try:
        gTTS(text, lang=code, lang_check=False, timeout=ANSWER_WAIT).write_to_fp(held)
    except gTTSError as error:
        raise _refusal(error) from error
    except (requests.exceptions.RequestException, ValueError, TypeError, AssertionError) as error:
        # A cut answer, or one that is not Google's: base64 and UTF-8 errors are ValueErrors.
        raise Refused(f"an answer that makes no sense ({type(error).__name__})", True) from error
    if not held.getvalue():
        raise Refused("an answer without sound", True)
    return held.getvalue()


def _refusal(error: gTTSError) -> Refused:
    # gTTS drops the reason and raises while handling it: there it still is.
    if isinstance(error.__context__, requests.exceptions.SSLError):
        return Refused("the server's certificate cannot be verified")
    status = getattr(error.rsp, "status_code", None)
    if status is None:
        return Refused(f"not reached ({type(error.__context__).__name__})", True)
    return Refused(f"status {status}", status in {200, 429} or status >= 500)


if __name__ == "__main__":
    sys.exit(main())
