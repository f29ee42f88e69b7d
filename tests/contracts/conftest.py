"""What contract tests share: the reactor; and explained asserts in the contracts themselves."""

import pytest

from tests.reactor import reactor

__all__ = ["reactor"]

for _contract in ("ari", "agi", "ami"):
    pytest.register_assert_rewrite(f"tests.contracts.{_contract}_contract")
