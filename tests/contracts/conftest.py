"""What contract tests share: the reactor; and explained asserts in the contracts themselves."""

import pytest

from tests.reactor import reactor

__all__ = ["reactor"]

pytest.register_assert_rewrite("tests.contracts.ari_contract")
