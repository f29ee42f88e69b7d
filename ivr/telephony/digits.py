"""Keys a caller pressed: a buffer for those pressed early, and the rule when an input is whole."""

from dataclasses import dataclass

KEYS = frozenset("0123456789*#")
_MOST_BUFFERED = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants: up to *digits* keys, ended early by *finish* (``""``: by none)."""

    digits: int
    finish: str = ""


class KeyBuffer:
    """Keys in the order they came; the oldest 32 are kept, what is no key is dropped."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    def press(self, key: str) -> None:
        if key in KEYS and len(self._keys) < _MOST_BUFFERED:
            self._keys.append(key)

    def __len__(self) -> int:
        return len(self._keys)

    def clear(self) -> None:
        self._keys.clear()

    def whole(self, wanted: Wanted) -> bool:
        """Say whether what was pressed already answers the question."""
        keys = self._keys[: wanted.digits]
        return len(keys) >= wanted.digits or bool(wanted.finish and wanted.finish in keys)

    def take(self, wanted: Wanted) -> str:
        """Take the answer out, without the finishing key; keys behind it stay for later."""
        answer: list[str] = []
        while self._keys and len(answer) < wanted.digits:
            key = self._keys.pop(0)
            if key == wanted.finish:
                break
            answer.append(key)
        else:
            if wanted.finish and self._keys[:1] == [wanted.finish] and wanted.digits > 1:
                self._keys.pop(0)
        return "".join(answer)
