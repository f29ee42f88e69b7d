"""The days that have a name, by tradition: data, no code; Hebrew and English names.

A feast whose kind is ``WORKDAY`` is known by name only; a site makes more of it with ``kinds``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from ivr.routing.day_kind import DayKind

Names = Mapping[str, str]  # by language

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


class Reckoning(Enum):
    """How the first day of a feast is reckoned from its month and day."""

    HEBREW = auto()  # month 1 is Nisan, 7 Tishrei; 12 is Adar, in leap years the second
    HIJRI = auto()
    GREGORIAN = auto()
    EASTER = auto()  # the day is counted from Easter, the month means nothing
    ORTHODOX_EASTER = auto()


class Begins(Enum):
    """When a feast begins; all but MIDNIGHT on the evening before, to end at nightfall."""

    CANDLES = auto()  # candle lighting
    NIGHTFALL = auto()
    MIDNIGHT = auto()  # a civil day


@dataclass(frozen=True, slots=True)
class Feast:
    """A named day of the year, or several; *moves* by the weekday its first day falls on."""

    feast_id: str
    kind: DayKind
    he: str
    en: str
    month: int
    day: int
    length: int = 1
    reckoning: Reckoning = Reckoning.HEBREW
    begins: Begins = Begins.MIDNIGHT
    moves: Mapping[int, int] = field(default_factory=dict)  # weekday → days

    @property
    def names(self) -> Names:
        return {"he": self.he, "en": self.en}


_WORK, _HOLIDAY, _CHOL = DayKind.WORKDAY, DayKind.HOLIDAY, DayKind.CHOL_HAMOED
_MEMORIAL = DayKind.MEMORIAL
_CANDLES = Begins.CANDLES
_HIJRI, _DATE = Reckoning.HIJRI, Reckoning.GREGORIAN
_WEST, _EAST = Reckoning.EASTER, Reckoning.ORTHODOX_EASTER

SHABBAT = Feast("shabbat", DayKind.SHABBAT, "שבת", "Shabbat", 0, 0, begins=_CANDLES)
EVE_OF = {"he": "ערב {name}", "en": "Eve of {name}"}

JEWISH = (
    Feast("rosh_hashana", _HOLIDAY, "ראש השנה", "Rosh Hashana", 7, 1, 2, begins=_CANDLES),
    Feast("fast_of_gedaliah", _WORK, "צום גדליה", "Fast of Gedaliah", 7, 3, moves={SATURDAY: 1}),
    Feast("yom_kippur", _HOLIDAY, "יום כיפור", "Yom Kippur", 7, 10, begins=_CANDLES),
    Feast("sukkot", _HOLIDAY, "סוכות", "Sukkot", 7, 15, begins=_CANDLES),
    Feast("chol_hamoed_sukkot", _CHOL, "חול המועד סוכות", "Chol HaMoed Sukkot", 7, 16, 6),
    Feast("simchat_torah", _HOLIDAY, "שמחת תורה", "Simchat Torah", 7, 22, begins=_CANDLES),
    Feast("hanukkah", _WORK, "חנוכה", "Hanukkah", 9, 25, 8),
    Feast("fast_of_tevet", _WORK, "צום עשרה בטבת", "Fast of Tevet", 10, 10),
    Feast("fast_of_esther", _WORK, "תענית אסתר", "Fast of Esther", 12, 13, moves={SATURDAY: -2}),
    Feast("purim", _WORK, "פורים", "Purim", 12, 14),
    # Of a Purim in three parts, Sunday is the day of the feast; the others are Friday and Shabbat.
    Feast("shushan_purim", _WORK, "שושן פורים", "Shushan Purim", 12, 15, moves={SATURDAY: 1}),
    Feast("pesach", _HOLIDAY, "פסח", "Passover", 1, 15, begins=_CANDLES),
    Feast("chol_hamoed_pesach", _CHOL, "חול המועד פסח", "Chol HaMoed Passover", 1, 16, 5),
    Feast("pesach_end", _HOLIDAY, "שביעי של פסח", "Seventh day of Passover", 1, 21,
          begins=_CANDLES),
    # By their laws these four days never make anybody prepare or mourn on Shabbat.
    Feast("yom_hashoah", _MEMORIAL, "יום השואה", "Holocaust Memorial Day", 1, 27,
          moves={FRIDAY: -1, SUNDAY: 1}),
    Feast("yom_hazikaron", _MEMORIAL, "יום הזיכרון", "Memorial Day", 2, 4,
          moves={THURSDAY: -1, FRIDAY: -2, SUNDAY: 1}),
    Feast("independence_day", _HOLIDAY, "יום העצמאות", "Independence Day", 2, 5,
          begins=Begins.NIGHTFALL, moves={FRIDAY: -1, SATURDAY: -2, MONDAY: 1}),
    Feast("tisha_bav", _MEMORIAL, "תשעה באב", "Tisha B'Av", 5, 9, moves={SATURDAY: 1}),
    Feast("lag_baomer", _WORK, 'ל"ג בעומר', "Lag BaOmer", 2, 18),
    Feast("jerusalem_day", _WORK, "יום ירושלים", "Jerusalem Day", 2, 28),
    Feast("shavuot", _HOLIDAY, "שבועות", "Shavuot", 3, 6, begins=_CANDLES),
    Feast("fast_of_tammuz", _WORK, "צום י״ז בתמוז", "Fast of Tammuz", 4, 17, moves={SATURDAY: 1}),
)  # fmt: skip

_EID_AL_ADHA = Feast("eid_al_adha", _HOLIDAY, "חג הקורבן", "Eid al-Adha", 12, 10, 4, _HIJRI)
MUSLIM = (
    Feast("hijri_new_year", _HOLIDAY, "ראש השנה ההיג׳רי", "Hijri New Year", 1, 1, 1, _HIJRI),
    Feast("mawlid", _HOLIDAY, "הולדת הנביא", "The Prophet's Birthday", 3, 12, 1, _HIJRI),
    Feast("eid_al_fitr", _HOLIDAY, "עיד אל-פיטר", "Eid al-Fitr", 10, 1, 3, _HIJRI),
    _EID_AL_ADHA,
)
DRUZE = (
    Feast("nabi_khidr", _HOLIDAY, "חג הנביא אל-ח׳דר", "Nabi al-Khidr", 1, 25, 1, _DATE),
    Feast("nabi_shuayb", _HOLIDAY, "חג הנביא שועייב", "Nabi Shu'ayb", 4, 25, 1, _DATE),
    Feast("nabi_sabalan", _HOLIDAY, "חג הנביא סבלאן", "Nabi Sabalan", 9, 10, 1, _DATE),
    _EID_AL_ADHA,
)
CHRISTIAN = (
    Feast("new_year", _HOLIDAY, "ראש השנה האזרחית", "New Year", 1, 1, 1, _DATE),
    Feast("epiphany", _HOLIDAY, "חג ההתגלות", "Epiphany", 1, 6, 1, _DATE),
    Feast("good_friday", _HOLIDAY, "יום שישי הטוב", "Good Friday", 0, -2, 1, _WEST),
    Feast("easter", _HOLIDAY, "חג הפסחא", "Easter", 0, 0, 2, _WEST),
    Feast("ascension", _HOLIDAY, "חג העלייה", "Ascension Day", 0, 39, 1, _WEST),
    Feast("pentecost", _HOLIDAY, "חג השבועות הנוצרי", "Pentecost", 0, 49, 2, _WEST),
    Feast("christmas", _HOLIDAY, "חג המולד", "Christmas", 12, 25, 2, _DATE),
)
ORTHODOX = (  # fixed days by the Julian calendar, which is 13 days late until 2100
    Feast("orthodox_christmas", _HOLIDAY, "חג המולד", "Christmas", 1, 7, 2, _DATE),
    Feast("orthodox_new_year", _HOLIDAY, "ראש השנה", "New Year", 1, 14, 1, _DATE),
    Feast("orthodox_epiphany", _HOLIDAY, "חג ההתגלות", "Epiphany", 1, 19, 1, _DATE),
    Feast("orthodox_good_friday", _HOLIDAY, "יום שישי הטוב", "Good Friday", 0, -2, 1, _EAST),
    Feast("orthodox_easter", _HOLIDAY, "חג הפסחא", "Easter", 0, 0, 2, _EAST),
    Feast("orthodox_ascension", _HOLIDAY, "חג העלייה", "Ascension Day", 0, 39, 1, _EAST),
    Feast("orthodox_pentecost", _HOLIDAY, "חג השבועות הנוצרי", "Pentecost", 0, 49, 2, _EAST),
)
TRADITIONS: Mapping[str, tuple[Feast, ...]] = {
    "jewish": JEWISH,
    "muslim": MUSLIM,
    "druze": DRUZE,
    "christian": CHRISTIAN,
    "orthodox": ORTHODOX,
}
WALLED_ONLY = frozenset({"shushan_purim"})
OPEN_ONLY = frozenset({"purim"})
FEAST_IDS = frozenset(feast.feast_id for feasts in TRADITIONS.values() for feast in feasts)
