"""A value from a YAML file into a model; whatever does not fit is a problem with its line."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ivr.dialplan.problem import Problem, did_you_mean
from ivr.dialplan.yaml_text import Path, YamlFile

M = TypeVar("M", bound=BaseModel)

_NAME = "is not a name: a small English letter, then letters, digits and "
_PATTERNS = {
    r"^[0-9*#]$": "is not a key of a telephone: 0 to 9, * or #, in quotes",
    r"^[a-z][a-z0-9_]{0,63}$": _NAME + "_",
    r"^[a-z][a-z0-9-]{0,39}$": _NAME + "-",
    r"^[a-z][a-z0-9_-]{0,39}$": _NAME + "_ or -",
}
_TYPES = {
    "string_type": "must be text, in quotes if need be",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list: [one, two]",
    "dict_type": "must be keys with values",
    "model_type": "must be keys with values",
    "model_attributes_type": "must be keys with values",
}


def fit(model: type[M], file: YamlFile, path: Path, value: Any) -> M | None:
    """Return *value*, which stands at *path* of *file*, as *model*; else note why it does not fit.

    Nothing is converted: text is not a number, a number is not text.
    """
    if not isinstance(value, Mapping):
        file.problems.append(file.problem(path, "here must be keys with values, like 'key: value'"))
        return None
    try:
        return model.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as misfits:
        errors = misfits.errors(include_url=False, include_context=True)
        file.problems.extend(_problem(model, file, path, error) for error in errors)
        return None


def _problem(model: type[BaseModel], file: YamlFile, path: Path, error: ErrorDetails) -> Problem:
    place = path
    for part in error["loc"]:
        if (*place, part) in file.lines:
            place = (*place, part)
    shown = place[:-1] if error["type"] == "extra_forbidden" else place
    where = ".".join(str(part) for part in shown)
    text = _words(model, error)
    return Problem(file.name, file.line_of(place), f"{where}: {text}" if where else text)


def _words(model: type[BaseModel], error: ErrorDetails) -> str:
    last = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "missing":
            return f"{last!r} is missing"
        case "extra_forbidden":
            return f"unknown key {last!r}{did_you_mean(last, _keys(model))}"
        case "string_pattern_mismatch":
            pattern = str(error["ctx"]["pattern"])
            return f"{error['input']!r} {_PATTERNS.get(pattern, 'is not written as it must be')}"
        case "value_error":
            return str(error["ctx"]["error"])
    words = _TYPES.get(error["type"], error["msg"])
    return f"{words}, not {json.dumps(error['input'], ensure_ascii=False)[:60]}"


@cache
def _keys(model: type[BaseModel]) -> frozenset[str]:
    """Return every key that can stand anywhere in *model*."""
    return frozenset(_properties(model.model_json_schema(by_alias=True)))


def _properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for part in schema.values():
            yield from _properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _properties(part)
