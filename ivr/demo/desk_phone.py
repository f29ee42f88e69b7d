"""An agent's desk phone: signs in by REGISTER, takes calls, dials on request."""

from ivr.demo.audio_sources import Samples, melody
from ivr.demo.behaviour import DESK_PHONE
from ivr.demo.digest import Credentials
from ivr.demo.media import MediaSession
from ivr.demo.outgoing_call import Invitation, OutgoingCall
from ivr.demo.party import Party
from ivr.demo.ports import Address
from ivr.demo.registration import Registration, RegistrationState
from ivr.demo.sip_address import NameAddress, SipUri
from ivr.demo.sip_stack import SipStack


class DeskPhone(Party):
    """One phone; its name is its SIP user, such as ``agent-301``."""

    def __init__(self, name: str, password: str, stack: SipStack, server: Address) -> None:
        super().__init__(name, DESK_PHONE)
        self._credentials = Credentials(name, password)
        self._stack = stack
        self._server = server
        self._registration = Registration(stack, server, self._credentials)

    @property
    def state(self) -> RegistrationState:
        return self._registration.state

    async def sign_in(self) -> RegistrationState:
        return await self._registration.sign_in()

    async def sign_out(self) -> RegistrationState:
        return await self._registration.sign_out()

    def stop(self) -> None:
        """Stop refreshing the registration and hang up."""
        self._registration.stop()
        for call in list(self.current):
            call.hang_up()

    def dial(self, number: str, media: MediaSession) -> OutgoingCall:
        """Call *number* through the server; *media* must be open."""
        host, port = self._server
        invitation = Invitation(
            to=SipUri(number, host, port),
            caller=NameAddress(f"sip:{self.name}@{host}"),
            credentials=self._credentials,
        )
        call = OutgoingCall(self._stack, media, self._server, invitation)
        media.say(Samples(melody(self.name)))
        self.current.append(call)
        call.ended.wait().addCallback(lambda _end: self.current.remove(call))
        call.start()
        return call
