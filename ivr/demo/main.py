"""Runs the demo endpoint as a process of its own: `python -m ivr demo`."""

from twisted.internet.interfaces import IListeningPort, IReactorCore, IReactorUNIX

from ivr.demo.control import DemoControl
from ivr.demo.control_socket import listen_for_commands
from ivr.demo.endpoint import DemoEndpoint, DemoSettings
from ivr.demo.ports import UdpReactor, stop_listening


class DemoReactor(UdpReactor, IReactorUNIX, IReactorCore):
    """What the process needs of its reactor."""


class RunningDemo:
    """The endpoint with its control socket."""

    def __init__(self, endpoint: DemoEndpoint, commands: IListeningPort | None) -> None:
        self.endpoint = endpoint
        self._commands = commands

    async def stop(self) -> None:
        """Hang up, stop answering commands, free the sockets."""
        commands, self._commands = self._commands, None
        if commands is not None:
            await stop_listening(commands)
        await self.endpoint.stop()


async def run_demo(reactor: DemoReactor, settings: DemoSettings) -> RunningDemo:
    """Start the endpoint; the caller stops it, for instance before the reactor shuts down.

    Raises:
        CannotListenError: the SIP port is taken.
        DemoRefused: the control socket cannot be opened.
    """
    endpoint = DemoEndpoint(reactor, settings)
    endpoint.start()
    commands = None
    if settings.control_socket is not None:
        control = DemoControl(endpoint)
        commands = listen_for_commands(
            reactor, settings.control_socket, control, endpoint.background
        )
    return RunningDemo(endpoint, commands)
