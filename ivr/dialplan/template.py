"""Text with ``{name}`` in it: names are replaced by values of the call, and nothing else is."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from ivr.dialplan.context import StepContext

BUILT_IN = frozenset({"caller", "called", "language"})
SECRET_PREFIX = "secret_"  # noqa: S105 - variables so named are kept out of traces, rows and texts
SITE_PREFIX = "site_"  # names that begin so are values of the authority, from site.yaml
LONGEST_VALUE = 200  # characters of one value in a text

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that *text* asks for, in order, each once."""
    return tuple(dict.fromkeys(_NAME.findall(text)))


def render(text: str, values: Mapping[str, str]) -> str:
    """Return *text* with each ``{name}`` replaced; a name without a value leaves nothing behind."""
    return _NAME.sub(lambda match: _clean(values.get(match[1], "")), text)


def values_of(call: StepContext) -> dict[str, str]:
    """Return what a text or an expression of *call* can name."""
    built_in = {
        "caller": call.caller_number,
        "called": call.called_number,
        "language": call.language,
    }
    return {**call.site_values, **call.variables, **built_in}


def storable(variables: Mapping[str, str]) -> dict[str, str]:
    """Return *variables* without those that are secret: what may be written down or shown."""
    return {k: v for k, v in variables.items() if not k.startswith(SECRET_PREFIX)}


def _clean(value: str) -> str:
    """Cut a value that came from outside to one line of visible characters."""
    visible = (c if unicodedata.category(c)[0] != "C" else " " for c in value[:LONGEST_VALUE])
    return "".join(visible).strip()


def check_text(text: str) -> str:
    """Return *text* if its braces stand around names that may be written into a text.

    Raises:
        ValueError: they do not; the text says which.
    """
    rest = _NAME.sub("", text)
    if "{" in rest or "}" in rest:
        raise ValueError("braces may only stand around a name, like {caller}")
    for name in names_in(text):
        if name.startswith(SECRET_PREFIX):
            raise ValueError(f"{{{name}}} is secret and may not be written into a text")
    return text


def _one_line(text: str) -> str:
    if any(unicodedata.category(c) == "Cc" for c in text):
        raise ValueError("must be one line of plain text")
    return text


def _own_name(name: str) -> str:
    if name in BUILT_IN:
        raise ValueError(f"{name!r} is the name of something every call has; choose another")
    if name.startswith(SITE_PREFIX):
        raise ValueError(
            f"{name!r} is a value of the site: no call changes it; choose another name"
        )
    return name


TemplateText = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(check_text)]
PlainLine = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
TemplateLine = Annotated[PlainLine, AfterValidator(check_text)]
VariableName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$"), AfterValidator(_own_name)]
OptionalLine = Annotated[
    str, Field(max_length=200), AfterValidator(_one_line), AfterValidator(check_text)
]
