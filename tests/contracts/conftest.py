"""Contracts are imported by the tests that inherit them: have pytest explain their asserts too."""

import pytest

pytest.register_assert_rewrite("tests.contracts.ari_contract")
