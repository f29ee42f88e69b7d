"""What tests with a real Asterisk share: the session's reactor and a private Asterisk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.calls.private_asterisk import PrivateAsterisk, asterisk_root
from tests.reactor import ReactorThread, reactor

__all__ = ["private_asterisk", "reactor"]

for _contract in ("ari", "agi", "ami"):
    pytest.register_assert_rewrite(f"tests.contracts.{_contract}_contract")


@pytest.fixture(scope="session")
def private_asterisk(reactor: ReactorThread) -> Iterator[PrivateAsterisk]:
    """Offer one running Asterisk for the session; tests leave no channels behind on it."""
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk unpacked here (./moked sets one up, or MOKED_ASTERISK_ROOT)")
    asterisk = PrivateAsterisk(root)
    asterisk.start()
    yield asterisk
    asterisk.stop()
