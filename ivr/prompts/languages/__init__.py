"""The languages callers can be spoken to in; a new one is a module here and a line in the tuple."""

from ivr.prompts.language import Language
from ivr.prompts.languages.en import English
from ivr.prompts.languages.he import Hebrew

LANGUAGES: tuple[Language, ...] = (Hebrew(), English())
