"""How carriers write our numbers."""

import pytest

from ivr.pbx.dialled_forms import dialled_forms


@pytest.mark.parametrize(
    ("number", "forms"),
    [
        ("+97229900200", {"+97229900200", "97229900200", "0097229900200", "029900200"}),
        ("+972527250801", {"+972527250801", "972527250801", "00972527250801", "0527250801"}),
        ("+14155550100", {"+14155550100", "14155550100", "0014155550100"}),
        ("106", {"106"}),
    ],
)
def test_every_form_is_known(number: str, forms: set[str]) -> None:
    assert set(dialled_forms(number)) == forms
