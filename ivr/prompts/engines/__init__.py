"""The makers of speech, best first; a new one is a module here and a line in the tuple."""

from ivr.prompts.engine import Engine
from ivr.prompts.engines.espeak import EspeakEnglish
from ivr.prompts.engines.generated import Generated
from ivr.prompts.engines.gtts import GoogleSpeech
from ivr.prompts.engines.phonikud_espeak import PhonikudEspeak
from ivr.prompts.engines.phonikud_mbrola import PhonikudMbrola
from ivr.prompts.engines.recorded import Recorded

ENGINES: tuple[Engine, ...] = (
    Recorded(),
    Generated(),
    GoogleSpeech(),
    PhonikudMbrola(),
    PhonikudEspeak(),
    EspeakEnglish(),
)
