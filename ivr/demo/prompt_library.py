"""Fingerprints of all prompts that this instance can play, and of the demo parties' melodies."""

from collections.abc import Iterable
from pathlib import Path

from ivr.demo.audio_sources import melody
from ivr.demo.fingerprint import Fingerprint, Library, fingerprint
from ivr.demo.g711 import decode_alaw

PARTY = "party:"  # names of melodies begin with this
_MELODY_SECONDS = 6.0


def load_library(prompts: Path, parties: Iterable[str] = ()) -> Library:
    """Read ``<prompts>/<language>/<name>.alaw`` (8 kHz); the same name in two languages is two.

    Names come out as ``he/billing_menu``; silent files are left out.
    """
    found = [_prompt(prompts, file) for file in sorted(prompts.glob("*/**/*.alaw"))]
    found += [fingerprint(f"{PARTY}{name}", melody(name, _MELODY_SECONDS)) for name in parties]
    return Library([prompt for prompt in found if prompt is not None])


def _prompt(folder: Path, file: Path) -> Fingerprint | None:
    name = file.relative_to(folder).with_suffix("").as_posix()
    return fingerprint(name, decode_alaw(file.read_bytes()))
