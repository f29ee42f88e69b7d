"""The step kinds; to add one, write its file and name its class here."""

from ivr.dialplan.step import Step
from ivr.dialplan.steps.agi import Agi
from ivr.dialplan.steps.answer import Answer
from ivr.dialplan.steps.branch import Branch
from ivr.dialplan.steps.calendar import Calendar
from ivr.dialplan.steps.callback import Callback
from ivr.dialplan.steps.collect_digits import CollectDigits
from ivr.dialplan.steps.dial import Dial
from ivr.dialplan.steps.emergency import Emergency
from ivr.dialplan.steps.hangup import Hangup
from ivr.dialplan.steps.hours import Hours
from ivr.dialplan.steps.language import Language
from ivr.dialplan.steps.lookup import Lookup
from ivr.dialplan.steps.menu import Menu
from ivr.dialplan.steps.message import Message
from ivr.dialplan.steps.pay import Pay
from ivr.dialplan.steps.play import Play
from ivr.dialplan.steps.queue import Queue
from ivr.dialplan.steps.refuse import Refuse
from ivr.dialplan.steps.say import Say
from ivr.dialplan.steps.set import Set
from ivr.dialplan.steps.subroutine import Subroutine
from ivr.dialplan.steps.survey import Survey
from ivr.dialplan.steps.ticket import Ticket
from ivr.dialplan.steps.transfer import Transfer
from ivr.dialplan.steps.voicemail import Voicemail

STEP_KINDS: tuple[type[Step], ...] = (
    Answer,
    Play,
    Say,
    Menu,
    CollectDigits,
    Language,
    Hours,
    Calendar,
    Emergency,
    Branch,
    Set,
    Lookup,
    Queue,
    Dial,
    Transfer,
    Voicemail,
    Callback,
    Ticket,
    Message,
    Survey,
    Pay,
    Subroutine,
    Agi,
    Refuse,
    Hangup,
)
