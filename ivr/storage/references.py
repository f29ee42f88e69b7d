"""References that can be said and typed: short, counted up, with a check digit."""

# The quasigroup of H. Michael Damm (2004): finds every single wrong digit and every swap of two
# neighbours, which are what people mishear and mistype.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
FIRST = 1000


def reference(number: int) -> str:
    """Return *number* (1, 2, …) as digits, at least five, the last a check digit."""
    digits = str(FIRST + number)
    return digits + str(_interim(digits))


def is_reference(digits: str) -> bool:
    """Say whether *digits* can be a reference, so that a slip of the finger is noticed."""
    return len(digits) >= 5 and digits.isascii() and digits.isdigit() and _interim(digits) == 0


def _interim(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return interim
