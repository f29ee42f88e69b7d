"""ARI's models, events and operations; written by ``ari_generator``, never by hand.

From the Swagger files of Asterisk, REST API version 10.0.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ivr.asterisk.ari_request import (
    AriRequest,
    AriRequester,
    decoded,
    first,
    flag,
    joined,
    number,
    segment,
)


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base type for errors and events."""

    asterisk_id: str | None = None


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """Details of a Stasis application."""

    name: str = ""
    channel_ids: list[str] = msgspec.field(default_factory=list)
    bridge_ids: list[str] = msgspec.field(default_factory=list)
    endpoint_ids: list[str] = msgspec.field(default_factory=list)
    device_names: list[str] = msgspec.field(default_factory=list)
    events_allowed: list[Any] = msgspec.field(default_factory=list)
    events_disallowed: list[Any] = msgspec.field(default_factory=list)


class BuildInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about how Asterisk was built."""

    os: str = ""
    kernel: str = ""
    options: str = ""
    machine: str = ""
    date: str = ""
    user: str = ""


class SystemInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about Asterisk."""

    version: str = ""
    entity_id: str = ""


class SetId(msgspec.Struct, frozen=True, kw_only=True):
    """Effective user/group id."""

    user: str = ""
    group: str = ""


class ConfigInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about Asterisk configuration."""

    name: str = ""
    default_language: str = ""
    max_channels: int | None = None
    max_open_files: int | None = None
    max_load: float | None = None
    setid: SetId = msgspec.field(default_factory=lambda: SetId())


class StatusInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about Asterisk status."""

    startup_time: datetime | None = None
    last_reload_time: datetime | None = None


class AsteriskInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Asterisk system information."""

    build: BuildInfo | None = None
    system: SystemInfo | None = None
    config: ConfigInfo | None = None
    status: StatusInfo | None = None


class AsteriskPing(msgspec.Struct, frozen=True, kw_only=True):
    """Asterisk ping information."""

    asterisk_id: str = ""
    ping: str = ""
    timestamp: str = ""


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """Details of an Asterisk module."""

    name: str = ""
    description: str = ""
    use_count: int = 0
    status: str = ""
    support_level: str = ""


class LogChannel(msgspec.Struct, frozen=True, kw_only=True):
    """Details of an Asterisk log channel."""

    channel: str = ""
    type: str = ""
    status: str = ""
    configuration: str = ""


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """The value of a channel variable."""

    value: str = ""


class Variables(msgspec.Struct, frozen=True, kw_only=True):
    """A dictionary of channel variables."""

    variables: dict[str, Any] | None = None


class ConfigTuple(msgspec.Struct, frozen=True, kw_only=True):
    """A key/value pair that makes up part of a configuration object."""

    attribute: str = ""
    value: str = ""


class Bridge(msgspec.Struct, frozen=True, kw_only=True):
    """The merging of media from one or more channels. Everyone on the bridge receives the same audio."""

    id: str = ""
    technology: str = ""
    bridge_type: str = ""
    bridge_class: str = ""
    creator: str = ""
    name: str = ""
    channels: list[str] = msgspec.field(default_factory=list)
    video_mode: str | None = None
    video_source_id: str | None = None
    creationtime: datetime | None = None
    bridgevars: dict[str, Any] | None = None


class Dialed(msgspec.Struct, frozen=True, kw_only=True):
    """Dialed channel information."""

    pass


class DialplanCEP(msgspec.Struct, frozen=True, kw_only=True):
    """Dialplan location (context/extension/priority)."""

    context: str = ""
    exten: str = ""
    priority: int = 0
    app_name: str = ""
    app_data: str = ""


class CallerID(msgspec.Struct, frozen=True, kw_only=True):
    """Caller identification."""

    name: str = ""
    number: str = ""


class RTPstat(msgspec.Struct, frozen=True, kw_only=True):
    """A statistics of a RTP."""

    txcount: int = 0
    rxcount: int = 0
    txjitter: float | None = None
    rxjitter: float | None = None
    remote_maxjitter: float | None = None
    remote_minjitter: float | None = None
    remote_normdevjitter: float | None = None
    remote_stdevjitter: float | None = None
    local_maxjitter: float | None = None
    local_minjitter: float | None = None
    local_normdevjitter: float | None = None
    local_stdevjitter: float | None = None
    txploss: int = 0
    rxploss: int = 0
    remote_maxrxploss: float | None = None
    remote_minrxploss: float | None = None
    remote_normdevrxploss: float | None = None
    remote_stdevrxploss: float | None = None
    local_maxrxploss: float | None = None
    local_minrxploss: float | None = None
    local_normdevrxploss: float | None = None
    local_stdevrxploss: float | None = None
    rtt: float | None = None
    maxrtt: float | None = None
    minrtt: float | None = None
    normdevrtt: float | None = None
    stdevrtt: float | None = None
    local_ssrc: int = 0
    remote_ssrc: int = 0
    txoctetcount: int = 0
    rxoctetcount: int = 0
    channel_uniqueid: str = ""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A specific communication connection between Asterisk and an Endpoint."""

    id: str = ""
    protocol_id: str = ""
    name: str = ""
    state: str = ""
    caller: CallerID = msgspec.field(default_factory=lambda: CallerID())
    connected: CallerID = msgspec.field(default_factory=lambda: CallerID())
    accountcode: str = ""
    dialplan: DialplanCEP = msgspec.field(default_factory=lambda: DialplanCEP())
    creationtime: datetime | None = None
    language: str = ""
    channelvars: dict[str, Any] | None = None
    caller_rdnis: str | None = None
    tenantid: str | None = None


class DeviceState(msgspec.Struct, frozen=True, kw_only=True):
    """Represents the state of a device."""

    name: str = ""
    state: str = ""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An external device that may offer/accept calls to/from Asterisk. Unlike most resources, which have a single unique identifier, an endpoint is uniquely identified by the technology/resource pair."""

    technology: str = ""
    resource: str = ""
    state: str | None = None
    channel_ids: list[str] = msgspec.field(default_factory=list)


class TextMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A text message."""

    from_: str = msgspec.field(default="", name="from")
    to: str = ""
    body: str = ""
    variables: dict[str, Any] | None = None


class ContactInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Detailed information about a contact on an endpoint."""

    uri: str = ""
    contact_status: str = ""
    aor: str = ""
    roundtrip_usec: str | None = None


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Detailed information about a remote peer that communicates with Asterisk."""

    peer_status: str = ""
    cause: str | None = None
    address: str | None = None
    port: str | None = None
    time: str | None = None


class ReferTo(msgspec.Struct, frozen=True, kw_only=True):
    """transfer destination requested by transferee."""

    requested_destination: RequiredDestination = msgspec.field(default_factory=lambda: RequiredDestination())
    destination_channel: Channel | None = None
    connected_channel: Channel | None = None
    bridge: Bridge | None = None


class ReferredBy(msgspec.Struct, frozen=True, kw_only=True):
    """transfer destination requested by transferee."""

    source_channel: Channel = msgspec.field(default_factory=lambda: Channel())
    connected_channel: Channel | None = None
    bridge: Bridge | None = None


class RequiredDestination(msgspec.Struct, frozen=True, kw_only=True):
    """Information about the requested destination."""

    protocol_id: str | None = None
    destination: str | None = None
    additional_protocol_params: list[AdditionalParam] | None = None


class AdditionalParam(msgspec.Struct, frozen=True, kw_only=True):
    """Protocol specific additional parameter."""

    parameter_name: str = ""
    parameter_value: str = ""


class RESTHeader(msgspec.Struct, frozen=True, kw_only=True):
    """REST over Websocket header."""

    name: str = ""
    value: str = ""


class RESTQueryStringParameter(msgspec.Struct, frozen=True, kw_only=True):
    """REST over Websocket Query String Parameter."""

    name: str = ""
    value: str = ""


class RESTRequest(msgspec.Struct, frozen=True, kw_only=True):
    """REST over Websocket Request."""

    type: str = ""
    transaction_id: str = ""
    request_id: str = ""
    method: str = ""
    uri: str = ""
    content_type: str | None = None
    query_strings: list[RESTQueryStringParameter] | None = None
    message_body: str | None = None


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """Represents the state of a mailbox."""

    name: str = ""
    old_messages: int = 0
    new_messages: int = 0


class Playback(msgspec.Struct, frozen=True, kw_only=True):
    """Object representing the playback of media to a channel."""

    id: str = ""
    media_uri: str = ""
    next_media_uri: str | None = None
    target_uri: str = ""
    language: str | None = None
    state: str = ""


class StoredRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A past recording that may be played back."""

    name: str = ""
    format: str = ""


class LiveRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that is in progress."""

    name: str = ""
    format: str = ""
    target_uri: str = ""
    state: str = ""
    duration: int | None = None
    talking_duration: int | None = None
    silence_duration: int | None = None
    cause: str | None = None


class FormatLangPair(msgspec.Struct, frozen=True, kw_only=True):
    """Identifies the format and language of a sound file."""

    language: str = ""
    format: str = ""


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """A media file that may be played back."""

    id: str = ""
    text: str | None = None
    formats: list[FormatLangPair] = msgspec.field(default_factory=list)


class MissingParams(Message, frozen=True, kw_only=True, tag=True):
    """Error event sent when required params are missing."""

    params: list[str] = msgspec.field(default_factory=list)


class Event(Message, frozen=True, kw_only=True):
    """Base type for asynchronous events from Asterisk."""

    application: str = ""
    timestamp: datetime | None = None


class DeviceStateChanged(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a device state has changed."""

    device_state: DeviceState = msgspec.field(default_factory=lambda: DeviceState())


class PlaybackStarted(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the start of a media playback operation."""

    playback: Playback = msgspec.field(default_factory=lambda: Playback())


class PlaybackContinuing(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the continuation of a media playback operation from one media URI to the next in the list."""

    playback: Playback = msgspec.field(default_factory=lambda: Playback())


class PlaybackFinished(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the completion of a media playback operation."""

    playback: Playback = msgspec.field(default_factory=lambda: Playback())


class RecordingStarted(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the start of a recording operation."""

    recording: LiveRecording = msgspec.field(default_factory=lambda: LiveRecording())


class RecordingFinished(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the completion of a recording operation."""

    recording: LiveRecording = msgspec.field(default_factory=lambda: LiveRecording())


class RecordingFailed(Event, frozen=True, kw_only=True, tag=True):
    """Event showing failure of a recording operation."""

    recording: LiveRecording = msgspec.field(default_factory=lambda: LiveRecording())


class ApplicationMoveFailed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that trying to move a channel to another Stasis application failed."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    destination: str = ""
    args: list[str] = msgspec.field(default_factory=list)


class ApplicationRegistered(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a Stasis app has been registered."""

    pass


class ApplicationUnregistered(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a Stasis app has been unregistered."""

    pass


class ApplicationReplaced(Event, frozen=True, kw_only=True, tag=True):
    """Notification that another WebSocket has taken over for an application. An application may only be subscribed to by a single WebSocket at a time. If multiple WebSockets attempt to subscribe to the same application, the newer WebSocket wins, and the older one receives this event."""

    pass


class BridgeCreated(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a bridge has been created."""

    bridge: Bridge = msgspec.field(default_factory=lambda: Bridge())


class BridgeDestroyed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a bridge has been destroyed."""

    bridge: Bridge = msgspec.field(default_factory=lambda: Bridge())


class BridgeMerged(Event, frozen=True, kw_only=True, tag=True):
    """Notification that one bridge has merged into another."""

    bridge: Bridge = msgspec.field(default_factory=lambda: Bridge())
    bridge_from: Bridge = msgspec.field(default_factory=lambda: Bridge())


class BridgeBlindTransfer(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a blind transfer has occurred."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    replace_channel: Channel | None = None
    transferee: Channel | None = None
    exten: str = ""
    context: str = ""
    result: str = ""
    is_external: bool = False
    bridge: Bridge | None = None


class BridgeAttendedTransfer(Event, frozen=True, kw_only=True, tag=True):
    """Notification that an attended transfer has occurred."""

    transferer_first_leg: Channel = msgspec.field(default_factory=lambda: Channel())
    transferer_second_leg: Channel = msgspec.field(default_factory=lambda: Channel())
    replace_channel: Channel | None = None
    transferee: Channel | None = None
    transfer_target: Channel | None = None
    result: str = ""
    is_external: bool = False
    transferer_first_leg_bridge: Bridge | None = None
    transferer_second_leg_bridge: Bridge | None = None
    destination_type: str = ""
    destination_bridge: str | None = None
    destination_application: str | None = None
    destination_link_first_leg: Channel | None = None
    destination_link_second_leg: Channel | None = None
    destination_threeway_channel: Channel | None = None
    destination_threeway_bridge: Bridge | None = None


class BridgeVideoSourceChanged(Event, frozen=True, kw_only=True, tag=True):
    """Notification that the source of video in a bridge has changed."""

    bridge: Bridge = msgspec.field(default_factory=lambda: Bridge())
    old_video_source_id: str | None = None


class ChannelCreated(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has been created."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelDestroyed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has been destroyed."""

    cause: int = 0
    cause_txt: str = ""
    tech_cause: int | None = None
    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelEnteredBridge(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has entered a bridge."""

    bridge: Bridge = msgspec.field(default_factory=lambda: Bridge())
    channel: Channel | None = None


class ChannelLeftBridge(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has left a bridge."""

    bridge: Bridge = msgspec.field(default_factory=lambda: Bridge())
    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelStateChange(Event, frozen=True, kw_only=True, tag=True):
    """Notification of a channel's state change."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelDtmfReceived(Event, frozen=True, kw_only=True, tag=True):
    """DTMF received on a channel. This event is sent when the DTMF ends. There is no notification about the start of DTMF."""

    digit: str = ""
    duration_ms: int = 0
    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelDialplan(Event, frozen=True, kw_only=True, tag=True):
    """Channel changed location in the dialplan."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    dialplan_app: str = ""
    dialplan_app_data: str = ""


class ChannelCallerId(Event, frozen=True, kw_only=True, tag=True):
    """Channel changed Caller ID."""

    caller_presentation: int = 0
    caller_presentation_txt: str = ""
    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelUserevent(Event, frozen=True, kw_only=True, tag=True):
    """User-generated event with additional user-defined fields in the object."""

    eventname: str = ""
    channel: Channel | None = None
    bridge: Bridge | None = None
    endpoint: Endpoint | None = None
    userevent: dict[str, Any] | None = None


class ChannelHangupRequest(Event, frozen=True, kw_only=True, tag=True):
    """A hangup was requested on the channel."""

    cause: int | None = None
    tech_cause: int | None = None
    soft: bool | None = None
    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelVarset(Event, frozen=True, kw_only=True, tag=True):
    """Channel variable changed."""

    variable: str = ""
    value: str = ""
    channel: Channel | None = None


class ChannelToneDetected(Event, frozen=True, kw_only=True, tag=True):
    """Tone was detected on the channel."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelTalkingStarted(Event, frozen=True, kw_only=True, tag=True):
    """Talking was detected on the channel."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ChannelTalkingFinished(Event, frozen=True, kw_only=True, tag=True):
    """Talking is no longer detected on the channel."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    duration: int = 0


class ChannelHold(Event, frozen=True, kw_only=True, tag=True):
    """A channel initiated a media hold."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    musicclass: str | None = None


class ChannelUnhold(Event, frozen=True, kw_only=True, tag=True):
    """A channel initiated a media unhold."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class ContactStatusChange(Event, frozen=True, kw_only=True, tag=True):
    """The state of a contact on an endpoint has changed."""

    endpoint: Endpoint = msgspec.field(default_factory=lambda: Endpoint())
    contact_info: ContactInfo = msgspec.field(default_factory=lambda: ContactInfo())


class EndpointStateChange(Event, frozen=True, kw_only=True, tag=True):
    """Endpoint state changed."""

    endpoint: Endpoint = msgspec.field(default_factory=lambda: Endpoint())


class Dial(Event, frozen=True, kw_only=True, tag=True):
    """Dialing state has changed."""

    caller: Channel | None = None
    peer: Channel = msgspec.field(default_factory=lambda: Channel())
    forward: str | None = None
    forwarded: Channel | None = None
    dialstring: str | None = None
    dialstatus: str = ""


class StasisEnd(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has left a Stasis application."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class StasisStart(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has entered a Stasis application."""

    args: list[str] = msgspec.field(default_factory=list)
    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    replace_channel: Channel | None = None


class TextMessageReceived(Event, frozen=True, kw_only=True, tag=True):
    """A text message was received from an endpoint."""

    message: TextMessage = msgspec.field(default_factory=lambda: TextMessage())
    endpoint: Endpoint | None = None


class ChannelConnectedLine(Event, frozen=True, kw_only=True, tag=True):
    """Channel changed Connected Line."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())


class PeerStatusChange(Event, frozen=True, kw_only=True, tag=True):
    """The state of a peer associated with an endpoint has changed."""

    endpoint: Endpoint = msgspec.field(default_factory=lambda: Endpoint())
    peer: Peer = msgspec.field(default_factory=lambda: Peer())


class ChannelTransfer(Event, frozen=True, kw_only=True, tag=True):
    """transfer on a channel."""

    state: str | None = None
    refer_to: ReferTo = msgspec.field(default_factory=lambda: ReferTo())
    referred_by: ReferredBy = msgspec.field(default_factory=lambda: ReferredBy())


class RESTResponse(Event, frozen=True, kw_only=True, tag=True):
    """REST over Websocket Response."""

    transaction_id: str = ""
    request_id: str = ""
    status_code: int = 0
    reason_phrase: str = ""
    uri: str = ""
    content_type: str | None = None
    message_body: str | None = None


class CallBroadcast(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel is being broadcast to ARI applications for claiming."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    caller: str | None = None
    called: str | None = None


class CallClaimed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a broadcast channel has been successfully claimed by an ARI application."""

    channel: Channel = msgspec.field(default_factory=lambda: Channel())
    winner_app: str = ""


AnyEvent = (
    DeviceStateChanged
    | PlaybackStarted
    | PlaybackContinuing
    | PlaybackFinished
    | RecordingStarted
    | RecordingFinished
    | RecordingFailed
    | ApplicationMoveFailed
    | ApplicationRegistered
    | ApplicationUnregistered
    | ApplicationReplaced
    | BridgeCreated
    | BridgeDestroyed
    | BridgeMerged
    | BridgeBlindTransfer
    | BridgeAttendedTransfer
    | BridgeVideoSourceChanged
    | ChannelCreated
    | ChannelDestroyed
    | ChannelEnteredBridge
    | ChannelLeftBridge
    | ChannelStateChange
    | ChannelDtmfReceived
    | ChannelDialplan
    | ChannelCallerId
    | ChannelUserevent
    | ChannelHangupRequest
    | ChannelVarset
    | ChannelToneDetected
    | ChannelTalkingStarted
    | ChannelTalkingFinished
    | ChannelHold
    | ChannelUnhold
    | ContactStatusChange
    | EndpointStateChange
    | Dial
    | StasisEnd
    | StasisStart
    | TextMessageReceived
    | ChannelConnectedLine
    | PeerStatusChange
    | ChannelTransfer
    | RESTResponse
    | CallBroadcast
    | CallClaimed
)


class AriOperations(AriRequester):
    """Every operation of ARI as a typed method."""

    async def applications_list(
        self,
        *,
        deadline: float | None = None,
    ) -> list[Application]:
        """List all applications."""
        request = AriRequest(
            "GET",
            "applications",
            over_http=True,
        )
        return decoded(list[Application], request, await self.request(request, deadline))

    async def applications_get(
        self,
        application_name: str,
        *,
        deadline: float | None = None,
    ) -> Application:
        """Get details of an application.

        Raises:
            AriError: 404: Application does not exist.
        """
        request = AriRequest(
            "GET",
            f"applications/{segment(application_name)}",
        )
        return decoded(Application, request, await self.request(request, deadline))

    async def applications_subscribe(
        self,
        application_name: str,
        *,
        event_source: Sequence[str],
        deadline: float | None = None,
    ) -> Application:
        """Subscribe an application to a event source.

        Raises:
            AriError: 400: Missing parameter.
            AriError: 404: Application does not exist.
            AriError: 422: Event source does not exist.
        """
        request = AriRequest(
            "POST",
            f"applications/{segment(application_name)}/subscription",
            query=(
                ("eventSource", joined(event_source)),
            ),
        )
        return decoded(Application, request, await self.request(request, deadline))

    async def applications_unsubscribe(
        self,
        application_name: str,
        *,
        event_source: Sequence[str],
        deadline: float | None = None,
    ) -> Application:
        """Unsubscribe an application from an event source.

        Raises:
            AriError: 400: Missing parameter; event source scheme not recognized.
            AriError: 404: Application does not exist.
            AriError: 409: Application not subscribed to event source.
            AriError: 422: Event source does not exist.
        """
        request = AriRequest(
            "DELETE",
            f"applications/{segment(application_name)}/subscription",
            query=(
                ("eventSource", joined(event_source)),
            ),
        )
        return decoded(Application, request, await self.request(request, deadline))

    async def applications_filter(
        self,
        application_name: str,
        *,
        filter: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> Application:
        """Filter application events types.

        Raises:
            AriError: 400: Bad request.
            AriError: 404: Application does not exist.
        """
        request = AriRequest(
            "PUT",
            f"applications/{segment(application_name)}/eventFilter",
            body=filter,
        )
        return decoded(Application, request, await self.request(request, deadline))

    async def asterisk_get_object(
        self,
        config_class: str,
        object_type: str,
        id: str,
        *,
        deadline: float | None = None,
    ) -> list[ConfigTuple]:
        """Retrieve a dynamic configuration object.

        Raises:
            AriError: 404: {configClass|objectType|id} not found
        """
        request = AriRequest(
            "GET",
            f"asterisk/config/dynamic/{segment(config_class)}/{segment(object_type)}/{segment(id)}",
            over_http=True,
        )
        return decoded(list[ConfigTuple], request, await self.request(request, deadline))

    async def asterisk_update_object(
        self,
        config_class: str,
        object_type: str,
        id: str,
        *,
        fields: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        deadline: float | None = None,
    ) -> list[ConfigTuple]:
        """Create or update a dynamic configuration object.

        Raises:
            AriError: 400: Bad request body
            AriError: 403: Could not create or update object
            AriError: 404: {configClass|objectType} not found
        """
        request = AriRequest(
            "PUT",
            f"asterisk/config/dynamic/{segment(config_class)}/{segment(object_type)}/{segment(id)}",
            body={"fields": fields} if fields else None,
        )
        return decoded(list[ConfigTuple], request, await self.request(request, deadline))

    async def asterisk_delete_object(
        self,
        config_class: str,
        object_type: str,
        id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Delete a dynamic configuration object.

        Raises:
            AriError: 403: Could not delete object
            AriError: 404: {configClass|objectType|id} not found
        """
        request = AriRequest(
            "DELETE",
            f"asterisk/config/dynamic/{segment(config_class)}/{segment(object_type)}/{segment(id)}",
        )
        await self.request(request, deadline)

    async def asterisk_get_info(
        self,
        *,
        only: Sequence[str] | None = None,
        deadline: float | None = None,
    ) -> AsteriskInfo:
        """Gets Asterisk system information."""
        request = AriRequest(
            "GET",
            "asterisk/info",
            query=(
                ("only", joined(only)),
            ),
        )
        return decoded(AsteriskInfo, request, await self.request(request, deadline))

    async def asterisk_ping(
        self,
        *,
        deadline: float | None = None,
    ) -> AsteriskPing:
        """Response pong message."""
        request = AriRequest(
            "GET",
            "asterisk/ping",
        )
        return decoded(AsteriskPing, request, await self.request(request, deadline))

    async def asterisk_list_modules(
        self,
        *,
        deadline: float | None = None,
    ) -> list[Module]:
        """List Asterisk modules."""
        request = AriRequest(
            "GET",
            "asterisk/modules",
            over_http=True,
        )
        return decoded(list[Module], request, await self.request(request, deadline))

    async def asterisk_get_module(
        self,
        module_name: str,
        *,
        deadline: float | None = None,
    ) -> Module:
        """Get Asterisk module information.

        Raises:
            AriError: 404: Module could not be found in running modules.
            AriError: 409: Module information could not be retrieved.
        """
        request = AriRequest(
            "GET",
            f"asterisk/modules/{segment(module_name)}",
        )
        return decoded(Module, request, await self.request(request, deadline))

    async def asterisk_load_module(
        self,
        module_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Load an Asterisk module.

        Raises:
            AriError: 409: Module could not be loaded.
        """
        request = AriRequest(
            "POST",
            f"asterisk/modules/{segment(module_name)}",
        )
        await self.request(request, deadline)

    async def asterisk_unload_module(
        self,
        module_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Unload an Asterisk module.

        Raises:
            AriError: 404: Module not found in running modules.
            AriError: 409: Module could not be unloaded.
        """
        request = AriRequest(
            "DELETE",
            f"asterisk/modules/{segment(module_name)}",
        )
        await self.request(request, deadline)

    async def asterisk_reload_module(
        self,
        module_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Reload an Asterisk module.

        Raises:
            AriError: 404: Module not found in running modules.
            AriError: 409: Module could not be reloaded.
        """
        request = AriRequest(
            "PUT",
            f"asterisk/modules/{segment(module_name)}",
        )
        await self.request(request, deadline)

    async def asterisk_list_log_channels(
        self,
        *,
        deadline: float | None = None,
    ) -> list[LogChannel]:
        """Gets Asterisk log channel information."""
        request = AriRequest(
            "GET",
            "asterisk/logging",
            over_http=True,
        )
        return decoded(list[LogChannel], request, await self.request(request, deadline))

    async def asterisk_add_log(
        self,
        log_channel_name: str,
        *,
        configuration: str,
        deadline: float | None = None,
    ) -> None:
        """Adds a log channel.

        Raises:
            AriError: 400: Bad request body
            AriError: 409: Log channel could not be created.
        """
        request = AriRequest(
            "POST",
            f"asterisk/logging/{segment(log_channel_name)}",
            query=(
                ("configuration", configuration),
            ),
        )
        await self.request(request, deadline)

    async def asterisk_delete_log(
        self,
        log_channel_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Deletes a log channel.

        Raises:
            AriError: 404: Log channel does not exist.
        """
        request = AriRequest(
            "DELETE",
            f"asterisk/logging/{segment(log_channel_name)}",
        )
        await self.request(request, deadline)

    async def asterisk_rotate_log(
        self,
        log_channel_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Rotates a log channel.

        Raises:
            AriError: 404: Log channel does not exist.
        """
        request = AriRequest(
            "PUT",
            f"asterisk/logging/{segment(log_channel_name)}/rotate",
        )
        await self.request(request, deadline)

    async def asterisk_get_global_var(
        self,
        *,
        variable: str,
        deadline: float | None = None,
    ) -> Variable:
        """Get the value of a global variable.

        Raises:
            AriError: 400: Missing variable parameter.
        """
        request = AriRequest(
            "GET",
            "asterisk/variable",
            query=(
                ("variable", variable),
            ),
        )
        return decoded(Variable, request, await self.request(request, deadline))

    async def asterisk_set_global_var(
        self,
        *,
        variable: str,
        value: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Set the value of a global variable.

        Raises:
            AriError: 400: Missing variable parameter.
        """
        request = AriRequest(
            "POST",
            "asterisk/variable",
            query=(
                ("variable", variable),
                ("value", value),
            ),
        )
        await self.request(request, deadline)

    async def bridges_list(
        self,
        *,
        deadline: float | None = None,
    ) -> list[Bridge]:
        """List all active bridges in Asterisk."""
        request = AriRequest(
            "GET",
            "bridges",
            over_http=True,
        )
        return decoded(list[Bridge], request, await self.request(request, deadline))

    async def bridges_create(
        self,
        *,
        type: str | None = None,
        bridge_id: str | None = None,
        name: str | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> Bridge:
        """Create a new bridge.

        Raises:
            AriError: 409: Bridge with the same bridgeId already exists
        """
        request = AriRequest(
            "POST",
            "bridges",
            query=(
                ("type", type),
                ("bridgeId", bridge_id),
                ("name", name),
            ),
            body={"variables": variables} if variables else None,
        )
        return decoded(Bridge, request, await self.request(request, deadline))

    async def bridges_create_with_id(
        self,
        bridge_id: str,
        *,
        type: str | None = None,
        name: str | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> Bridge:
        """Create a new bridge.

        Raises:
            AriError: 409: Bridge with the same bridgeId already exists
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}",
            query=(
                ("type", type),
                ("name", name),
            ),
            body={"variables": variables} if variables else None,
        )
        return decoded(Bridge, request, await self.request(request, deadline))

    async def bridges_get(
        self,
        bridge_id: str,
        *,
        deadline: float | None = None,
    ) -> Bridge:
        """Get bridge details.

        Raises:
            AriError: 404: Bridge not found
        """
        request = AriRequest(
            "GET",
            f"bridges/{segment(bridge_id)}",
        )
        return decoded(Bridge, request, await self.request(request, deadline))

    async def bridges_destroy(
        self,
        bridge_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Shut down a bridge.

        Raises:
            AriError: 404: Bridge not found
        """
        request = AriRequest(
            "DELETE",
            f"bridges/{segment(bridge_id)}",
        )
        await self.request(request, deadline)

    async def bridges_get_bridge_var(
        self,
        bridge_id: str,
        *,
        variable: str,
        deadline: float | None = None,
    ) -> Variable:
        """Get the value of a bridge variable or function.

        Raises:
            AriError: 400: Missing variable parameter.
            AriError: 404: Bridge or variable not found
            AriError: 409: Bridge not in a Stasis application
        """
        request = AriRequest(
            "GET",
            f"bridges/{segment(bridge_id)}/variable",
            query=(
                ("variable", variable),
            ),
        )
        return decoded(Variable, request, await self.request(request, deadline))

    async def bridges_set_bridge_var(
        self,
        bridge_id: str,
        *,
        variable: str,
        value: str | None = None,
        report_events: bool | None = None,
        deadline: float | None = None,
    ) -> None:
        """Set the value of a bridge variable or function.

        Raises:
            AriError: 400: Missing variable parameter.
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in a Stasis application
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/variable",
            query=(
                ("variable", variable),
                ("value", value),
                ("report_events", flag(report_events)),
            ),
        )
        await self.request(request, deadline)

    async def bridges_get_bridge_vars(
        self,
        bridge_id: str,
        *,
        variables: Sequence[str],
        deadline: float | None = None,
    ) -> Variables:
        """Get the value of multiple bridge variables or functions.

        Raises:
            AriError: 400: Missing variables parameter.
            AriError: 404: Bridge or variable not found
            AriError: 409: Bridge not in a Stasis application
        """
        request = AriRequest(
            "GET",
            f"bridges/{segment(bridge_id)}/variables",
            query=(
                ("variables", joined(variables)),
            ),
        )
        return decoded(Variables, request, await self.request(request, deadline))

    async def bridges_set_bridge_vars(
        self,
        bridge_id: str,
        *,
        variables: Mapping[str, Any],
        deadline: float | None = None,
    ) -> None:
        """Set the values of multiple bridge variables or functions.

        Raises:
            AriError: 400: Missing variables parameter.
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in a Stasis application
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/variables",
            body={"variables": variables} if variables else None,
        )
        await self.request(request, deadline)

    async def bridges_add_channel(
        self,
        bridge_id: str,
        *,
        channel: Sequence[str],
        role: str | None = None,
        absorb_dtmf: bool | None = None,
        mute: bool | None = None,
        inhibit_connected_line_updates: bool | None = None,
        deadline: float | None = None,
    ) -> None:
        """Add a channel to a bridge.

        Raises:
            AriError: 400: Channel not found
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in Stasis application; Channel currently recording
            AriError: 422: Channel not in Stasis application
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/addChannel",
            query=(
                ("channel", joined(channel)),
                ("role", role),
                ("absorbDTMF", flag(absorb_dtmf)),
                ("mute", flag(mute)),
                ("inhibitConnectedLineUpdates", flag(inhibit_connected_line_updates)),
            ),
            blocks=first(channel),
        )
        await self.request(request, deadline)

    async def bridges_remove_channel(
        self,
        bridge_id: str,
        *,
        channel: Sequence[str],
        deadline: float | None = None,
    ) -> None:
        """Remove a channel from a bridge.

        Raises:
            AriError: 400: Channel not found
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in Stasis application
            AriError: 422: Channel not in this bridge
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/removeChannel",
            query=(
                ("channel", joined(channel)),
            ),
            blocks=first(channel),
        )
        await self.request(request, deadline)

    async def bridges_set_video_source(
        self,
        bridge_id: str,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Set a channel as the video source in a multi-party mixing bridge. This operation has no effect on bridges with two or fewer participants.

        Raises:
            AriError: 404: Bridge or Channel not found
            AriError: 409: Channel not in Stasis application
            AriError: 422: Channel not in this Bridge
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/videoSource/{segment(channel_id)}",
        )
        await self.request(request, deadline)

    async def bridges_clear_video_source(
        self,
        bridge_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Removes any explicit video source in a multi-party mixing bridge. This operation has no effect on bridges with two or fewer participants. When no explicit video source is set, talk detection will be used to determine the active video stream.

        Raises:
            AriError: 404: Bridge not found
        """
        request = AriRequest(
            "DELETE",
            f"bridges/{segment(bridge_id)}/videoSource",
        )
        await self.request(request, deadline)

    async def bridges_start_moh(
        self,
        bridge_id: str,
        *,
        moh_class: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Play music on hold to a bridge or change the MOH class that is playing.

        Raises:
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in Stasis application
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/moh",
            query=(
                ("mohClass", moh_class),
            ),
        )
        await self.request(request, deadline)

    async def bridges_stop_moh(
        self,
        bridge_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Stop playing music on hold to a bridge.

        Raises:
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in Stasis application
        """
        request = AriRequest(
            "DELETE",
            f"bridges/{segment(bridge_id)}/moh",
        )
        await self.request(request, deadline)

    async def bridges_play(
        self,
        bridge_id: str,
        *,
        media: Sequence[str],
        announcer_format: str | None = None,
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
        playback_id: str | None = None,
        deadline: float | None = None,
    ) -> Playback:
        """Start playback of media on a bridge.

        Raises:
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in a Stasis application
            AriError: 422: The format specified is unknown on this system
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/play",
            query=(
                ("media", joined(media)),
                ("announcer_format", announcer_format),
                ("lang", lang),
                ("offsetms", number(offsetms)),
                ("skipms", number(skipms)),
                ("playbackId", playback_id),
            ),
        )
        return decoded(Playback, request, await self.request(request, deadline))

    async def bridges_play_with_id(
        self,
        bridge_id: str,
        playback_id: str,
        *,
        media: Sequence[str],
        announcer_format: str | None = None,
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
        deadline: float | None = None,
    ) -> Playback:
        """Start playback of media on a bridge.

        Raises:
            AriError: 404: Bridge not found
            AriError: 409: Bridge not in a Stasis application
            AriError: 422: The format specified is unknown on this system
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/play/{segment(playback_id)}",
            query=(
                ("media", joined(media)),
                ("announcer_format", announcer_format),
                ("lang", lang),
                ("offsetms", number(offsetms)),
                ("skipms", number(skipms)),
            ),
        )
        return decoded(Playback, request, await self.request(request, deadline))

    async def bridges_record(
        self,
        bridge_id: str,
        *,
        name: str,
        format: str,
        recorder_format: str | None = None,
        max_duration_seconds: int | None = None,
        max_silence_seconds: int | None = None,
        if_exists: str | None = None,
        beep: bool | None = None,
        terminate_on: str | None = None,
        deadline: float | None = None,
    ) -> LiveRecording:
        """Start a recording.

        Raises:
            AriError: 400: Invalid parameters
            AriError: 404: Bridge not found
            AriError: 409: Bridge is not in a Stasis application; A recording with the same name already exists on the system and can not be overwritten because it is in progress or ifExists=fail
            AriError: 422: The format specified is unknown on this system
        """
        request = AriRequest(
            "POST",
            f"bridges/{segment(bridge_id)}/record",
            query=(
                ("name", name),
                ("format", format),
                ("recorder_format", recorder_format),
                ("maxDurationSeconds", number(max_duration_seconds)),
                ("maxSilenceSeconds", number(max_silence_seconds)),
                ("ifExists", if_exists),
                ("beep", flag(beep)),
                ("terminateOn", terminate_on),
            ),
        )
        return decoded(LiveRecording, request, await self.request(request, deadline))

    async def channels_list(
        self,
        *,
        deadline: float | None = None,
    ) -> list[Channel]:
        """List all active channels in Asterisk."""
        request = AriRequest(
            "GET",
            "channels",
            over_http=True,
        )
        return decoded(list[Channel], request, await self.request(request, deadline))

    async def channels_originate(
        self,
        *,
        endpoint: str,
        extension: str | None = None,
        context: str | None = None,
        priority: int | None = None,
        label: str | None = None,
        app: str | None = None,
        app_args: str | None = None,
        caller_id: str | None = None,
        timeout: int | None = None,
        variables: Mapping[str, Any] | None = None,
        channel_id: str | None = None,
        other_channel_id: str | None = None,
        originator: str | None = None,
        formats: str | None = None,
        deadline: float | None = None,
    ) -> Channel:
        """Create a new channel (originate).

        Raises:
            AriError: 400: Invalid parameters for originating a channel.
            AriError: 409: Channel with given unique ID already exists.
        """
        request = AriRequest(
            "POST",
            "channels",
            query=(
                ("endpoint", endpoint),
                ("extension", extension),
                ("context", context),
                ("priority", number(priority)),
                ("label", label),
                ("app", app),
                ("appArgs", app_args),
                ("callerId", caller_id),
                ("timeout", number(timeout)),
                ("channelId", channel_id),
                ("otherChannelId", other_channel_id),
                ("originator", originator),
                ("formats", formats),
            ),
            body={"variables": variables} if variables else None,
        )
        return decoded(Channel, request, await self.request(request, deadline))

    async def channels_create(
        self,
        *,
        endpoint: str,
        app: str,
        app_args: str | None = None,
        channel_id: str | None = None,
        other_channel_id: str | None = None,
        originator: str | None = None,
        formats: str | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> Channel:
        """Create channel.

        Raises:
            AriError: 409: Channel with given unique ID already exists.
        """
        request = AriRequest(
            "POST",
            "channels/create",
            query=(
                ("endpoint", endpoint),
                ("app", app),
                ("appArgs", app_args),
                ("channelId", channel_id),
                ("otherChannelId", other_channel_id),
                ("originator", originator),
                ("formats", formats),
            ),
            body={"variables": variables} if variables else None,
        )
        return decoded(Channel, request, await self.request(request, deadline))

    async def channels_get(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> Channel:
        """Channel details.

        Raises:
            AriError: 404: Channel not found
        """
        request = AriRequest(
            "GET",
            f"channels/{segment(channel_id)}",
        )
        return decoded(Channel, request, await self.request(request, deadline))

    async def channels_originate_with_id(
        self,
        channel_id: str,
        *,
        endpoint: str,
        extension: str | None = None,
        context: str | None = None,
        priority: int | None = None,
        label: str | None = None,
        app: str | None = None,
        app_args: str | None = None,
        caller_id: str | None = None,
        timeout: int | None = None,
        variables: Mapping[str, Any] | None = None,
        other_channel_id: str | None = None,
        originator: str | None = None,
        formats: str | None = None,
        deadline: float | None = None,
    ) -> Channel:
        """Create a new channel (originate with id).

        Raises:
            AriError: 400: Invalid parameters for originating a channel.
            AriError: 409: Channel with given unique ID already exists.
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}",
            query=(
                ("endpoint", endpoint),
                ("extension", extension),
                ("context", context),
                ("priority", number(priority)),
                ("label", label),
                ("app", app),
                ("appArgs", app_args),
                ("callerId", caller_id),
                ("timeout", number(timeout)),
                ("otherChannelId", other_channel_id),
                ("originator", originator),
                ("formats", formats),
            ),
            body={"variables": variables} if variables else None,
        )
        return decoded(Channel, request, await self.request(request, deadline))

    async def channels_hangup(
        self,
        channel_id: str,
        *,
        reason_code: str | None = None,
        reason: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Delete (i.e. hangup) a channel.

        Raises:
            AriError: 400: Invalid reason for hangup provided
            AriError: 404: Channel not found
        """
        request = AriRequest(
            "DELETE",
            f"channels/{segment(channel_id)}",
            query=(
                ("reason_code", reason_code),
                ("reason", reason),
            ),
        )
        await self.request(request, deadline)

    async def channels_continue_in_dialplan(
        self,
        channel_id: str,
        *,
        context: str | None = None,
        extension: str | None = None,
        priority: int | None = None,
        label: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Exit application; continue execution in the dialplan.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/continue",
            query=(
                ("context", context),
                ("extension", extension),
                ("priority", number(priority)),
                ("label", label),
            ),
        )
        await self.request(request, deadline)

    async def channels_move(
        self,
        channel_id: str,
        *,
        app: str,
        app_args: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Move the channel from one Stasis application to another.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/move",
            query=(
                ("app", app),
                ("appArgs", app_args),
            ),
        )
        await self.request(request, deadline)

    async def channels_redirect(
        self,
        channel_id: str,
        *,
        endpoint: str,
        deadline: float | None = None,
    ) -> None:
        """Redirect the channel to a different location.

        Raises:
            AriError: 400: Endpoint parameter not provided
            AriError: 404: Channel or endpoint not found
            AriError: 409: Channel not in a Stasis application
            AriError: 422: Endpoint is not the same type as the channel
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/redirect",
            query=(
                ("endpoint", endpoint),
            ),
        )
        await self.request(request, deadline)

    async def channels_answer(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Answer a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/answer",
            blocks=channel_id,
        )
        await self.request(request, deadline)

    async def channels_ring(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Indicate ringing to a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/ring",
        )
        await self.request(request, deadline)

    async def channels_ring_stop(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Stop ringing indication on a channel if locally generated.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "DELETE",
            f"channels/{segment(channel_id)}/ring",
        )
        await self.request(request, deadline)

    async def channels_progress(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Indicate progress on a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/progress",
        )
        await self.request(request, deadline)

    async def channels_send_dtmf(
        self,
        channel_id: str,
        *,
        dtmf: str | None = None,
        before: int | None = None,
        between: int | None = None,
        duration: int | None = None,
        after: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """Send provided DTMF to a given channel.

        Raises:
            AriError: 400: DTMF is required
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/dtmf",
            query=(
                ("dtmf", dtmf),
                ("before", number(before)),
                ("between", number(between)),
                ("duration", number(duration)),
                ("after", number(after)),
            ),
        )
        await self.request(request, deadline)

    async def channels_mute(
        self,
        channel_id: str,
        *,
        direction: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Mute a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/mute",
            query=(
                ("direction", direction),
            ),
        )
        await self.request(request, deadline)

    async def channels_unmute(
        self,
        channel_id: str,
        *,
        direction: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Unmute a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "DELETE",
            f"channels/{segment(channel_id)}/mute",
            query=(
                ("direction", direction),
            ),
        )
        await self.request(request, deadline)

    async def channels_hold(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Hold a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/hold",
        )
        await self.request(request, deadline)

    async def channels_unhold(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Remove a channel from hold.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "DELETE",
            f"channels/{segment(channel_id)}/hold",
        )
        await self.request(request, deadline)

    async def channels_start_moh(
        self,
        channel_id: str,
        *,
        moh_class: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Play music on hold to a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/moh",
            query=(
                ("mohClass", moh_class),
            ),
        )
        await self.request(request, deadline)

    async def channels_stop_moh(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Stop playing music on hold to a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "DELETE",
            f"channels/{segment(channel_id)}/moh",
        )
        await self.request(request, deadline)

    async def channels_start_silence(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Play silence to a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/silence",
        )
        await self.request(request, deadline)

    async def channels_stop_silence(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Stop playing silence to a channel.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "DELETE",
            f"channels/{segment(channel_id)}/silence",
        )
        await self.request(request, deadline)

    async def channels_play(
        self,
        channel_id: str,
        *,
        media: Sequence[str],
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
        playback_id: str | None = None,
        deadline: float | None = None,
    ) -> Playback:
        """Start playback of media.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/play",
            query=(
                ("media", joined(media)),
                ("lang", lang),
                ("offsetms", number(offsetms)),
                ("skipms", number(skipms)),
                ("playbackId", playback_id),
            ),
        )
        return decoded(Playback, request, await self.request(request, deadline))

    async def channels_play_with_id(
        self,
        channel_id: str,
        playback_id: str,
        *,
        media: Sequence[str],
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
        deadline: float | None = None,
    ) -> Playback:
        """Start playback of media and specify the playbackId.

        Raises:
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/play/{segment(playback_id)}",
            query=(
                ("media", joined(media)),
                ("lang", lang),
                ("offsetms", number(offsetms)),
                ("skipms", number(skipms)),
            ),
        )
        return decoded(Playback, request, await self.request(request, deadline))

    async def channels_record(
        self,
        channel_id: str,
        *,
        name: str,
        format: str,
        max_duration_seconds: int | None = None,
        max_silence_seconds: int | None = None,
        if_exists: str | None = None,
        beep: bool | None = None,
        terminate_on: str | None = None,
        deadline: float | None = None,
    ) -> LiveRecording:
        """Start a recording.

        Raises:
            AriError: 400: Invalid parameters
            AriError: 404: Channel not found
            AriError: 409: Channel is not in a Stasis application; the channel is currently bridged with other channels; A recording with the same name already exists on the system and can not be overwritten because it is in progress or ifExists=fail
            AriError: 422: The format specified is unknown on this system
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/record",
            query=(
                ("name", name),
                ("format", format),
                ("maxDurationSeconds", number(max_duration_seconds)),
                ("maxSilenceSeconds", number(max_silence_seconds)),
                ("ifExists", if_exists),
                ("beep", flag(beep)),
                ("terminateOn", terminate_on),
            ),
        )
        return decoded(LiveRecording, request, await self.request(request, deadline))

    async def channels_get_channel_var(
        self,
        channel_id: str,
        *,
        variable: str,
        deadline: float | None = None,
    ) -> Variable:
        """Get the value of a channel variable or function.

        Raises:
            AriError: 400: Missing variable parameter.
            AriError: 404: Channel or variable not found
            AriError: 409: Channel not in a Stasis application
        """
        request = AriRequest(
            "GET",
            f"channels/{segment(channel_id)}/variable",
            query=(
                ("variable", variable),
            ),
        )
        return decoded(Variable, request, await self.request(request, deadline))

    async def channels_set_channel_var(
        self,
        channel_id: str,
        *,
        variable: str,
        value: str | None = None,
        report_events: bool | None = None,
        deadline: float | None = None,
    ) -> None:
        """Set the value of a channel variable or function.

        Raises:
            AriError: 400: Missing variable parameter.
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/variable",
            query=(
                ("variable", variable),
                ("value", value),
                ("report_events", flag(report_events)),
            ),
            blocks=channel_id,
        )
        await self.request(request, deadline)

    async def channels_get_channel_vars(
        self,
        channel_id: str,
        *,
        variables: Sequence[str],
        deadline: float | None = None,
    ) -> Variables:
        """Get the value of multiple channel variables or functions.

        Raises:
            AriError: 400: Missing variables parameter.
            AriError: 404: Channel or variable not found
            AriError: 409: Channel not in a Stasis application
        """
        request = AriRequest(
            "GET",
            f"channels/{segment(channel_id)}/variables",
            query=(
                ("variables", joined(variables)),
            ),
        )
        return decoded(Variables, request, await self.request(request, deadline))

    async def channels_set_channel_vars(
        self,
        channel_id: str,
        *,
        variables: Mapping[str, Any],
        deadline: float | None = None,
    ) -> None:
        """Set the values of multiple channel variables or functions.

        Raises:
            AriError: 400: Missing variables parameter.
            AriError: 404: Channel not found
            AriError: 409: Channel not in a Stasis application
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/variables",
            body={"variables": variables} if variables else None,
            blocks=channel_id,
        )
        await self.request(request, deadline)

    async def channels_snoop_channel(
        self,
        channel_id: str,
        *,
        app: str,
        spy: str | None = None,
        whisper: str | None = None,
        app_args: str | None = None,
        snoop_id: str | None = None,
        deadline: float | None = None,
    ) -> Channel:
        """Start snooping.

        Raises:
            AriError: 400: Invalid parameters
            AriError: 404: Channel not found
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/snoop",
            query=(
                ("app", app),
                ("spy", spy),
                ("whisper", whisper),
                ("appArgs", app_args),
                ("snoopId", snoop_id),
            ),
        )
        return decoded(Channel, request, await self.request(request, deadline))

    async def channels_snoop_channel_with_id(
        self,
        channel_id: str,
        snoop_id: str,
        *,
        app: str,
        spy: str | None = None,
        whisper: str | None = None,
        app_args: str | None = None,
        deadline: float | None = None,
    ) -> Channel:
        """Start snooping.

        Raises:
            AriError: 400: Invalid parameters
            AriError: 404: Channel not found
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/snoop/{segment(snoop_id)}",
            query=(
                ("app", app),
                ("spy", spy),
                ("whisper", whisper),
                ("appArgs", app_args),
            ),
        )
        return decoded(Channel, request, await self.request(request, deadline))

    async def channels_dial(
        self,
        channel_id: str,
        *,
        caller: str | None = None,
        timeout: int | None = None,
        deadline: float | None = None,
    ) -> None:
        """Dial a created channel.

        Raises:
            AriError: 404: Channel cannot be found.
            AriError: 409: Channel cannot be dialed.
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/dial",
            query=(
                ("caller", caller),
                ("timeout", number(timeout)),
            ),
        )
        await self.request(request, deadline)

    async def channels_rtpstatistics(
        self,
        channel_id: str,
        *,
        deadline: float | None = None,
    ) -> RTPstat:
        """RTP stats on a channel.

        Raises:
            AriError: 404: Channel cannot be found.
        """
        request = AriRequest(
            "GET",
            f"channels/{segment(channel_id)}/rtp_statistics",
        )
        return decoded(RTPstat, request, await self.request(request, deadline))

    async def channels_external_media(
        self,
        *,
        app: str,
        format: str,
        channel_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
        external_host: str | None = None,
        encapsulation: str | None = None,
        transport: str | None = None,
        connection_type: str | None = None,
        direction: str | None = None,
        data: str | None = None,
        transport_data: str | None = None,
        deadline: float | None = None,
    ) -> Channel:
        """Start an External Media session.

        Raises:
            AriError: 400: Invalid parameters
            AriError: 409: Channel is not in a Stasis application; Channel is already bridged
        """
        request = AriRequest(
            "POST",
            "channels/externalMedia",
            query=(
                ("app", app),
                ("format", format),
                ("channelId", channel_id),
                ("external_host", external_host),
                ("encapsulation", encapsulation),
                ("transport", transport),
                ("connection_type", connection_type),
                ("direction", direction),
                ("data", data),
                ("transport_data", transport_data),
            ),
            body={"variables": variables} if variables else None,
        )
        return decoded(Channel, request, await self.request(request, deadline))

    async def channels_transfer_progress(
        self,
        channel_id: str,
        *,
        states: str,
        deadline: float | None = None,
    ) -> None:
        """Inform the channel about the progress of the attended/blind transfer.

        Raises:
            AriError: 400: Endpoint parameter not provided
            AriError: 404: Channel or endpoint not found
            AriError: 409: Channel not in a Stasis application
            AriError: 412: Channel in invalid state
        """
        request = AriRequest(
            "POST",
            f"channels/{segment(channel_id)}/transfer_progress",
            query=(
                ("states", states),
            ),
        )
        await self.request(request, deadline)

    async def device_states_list(
        self,
        *,
        deadline: float | None = None,
    ) -> list[DeviceState]:
        """List all ARI controlled device states."""
        request = AriRequest(
            "GET",
            "deviceStates",
            over_http=True,
        )
        return decoded(list[DeviceState], request, await self.request(request, deadline))

    async def device_states_get(
        self,
        device_name: str,
        *,
        deadline: float | None = None,
    ) -> DeviceState:
        """Retrieve the current state of a device."""
        request = AriRequest(
            "GET",
            f"deviceStates/{segment(device_name)}",
        )
        return decoded(DeviceState, request, await self.request(request, deadline))

    async def device_states_update(
        self,
        device_name: str,
        *,
        device_state: str,
        deadline: float | None = None,
    ) -> None:
        """Change the state of a device controlled by ARI. (Note - implicitly creates the device state).

        Raises:
            AriError: 404: Device name is missing
            AriError: 409: Uncontrolled device specified
        """
        request = AriRequest(
            "PUT",
            f"deviceStates/{segment(device_name)}",
            query=(
                ("deviceState", device_state),
            ),
        )
        await self.request(request, deadline)

    async def device_states_delete(
        self,
        device_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Destroy a device-state controlled by ARI.

        Raises:
            AriError: 404: Device name is missing
            AriError: 409: Uncontrolled device specified
        """
        request = AriRequest(
            "DELETE",
            f"deviceStates/{segment(device_name)}",
        )
        await self.request(request, deadline)

    async def endpoints_list(
        self,
        *,
        deadline: float | None = None,
    ) -> list[Endpoint]:
        """List all endpoints."""
        request = AriRequest(
            "GET",
            "endpoints",
            over_http=True,
        )
        return decoded(list[Endpoint], request, await self.request(request, deadline))

    async def endpoints_send_message(
        self,
        *,
        to: str,
        from_: str,
        body: str | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> None:
        """Send a message to some technology URI or endpoint.

        Raises:
            AriError: 400: Invalid parameters for sending a message.
            AriError: 404: Endpoint not found
        """
        request = AriRequest(
            "PUT",
            "endpoints/sendMessage",
            query=(
                ("to", to),
                ("from", from_),
                ("body", body),
            ),
            body={"variables": variables} if variables else None,
        )
        await self.request(request, deadline)

    async def endpoints_refer(
        self,
        *,
        to: str,
        from_: str,
        refer_to: str,
        to_self: bool | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> None:
        """Refer an endpoint or technology URI to some technology URI or endpoint.

        Raises:
            AriError: 400: Invalid parameters for referring.
            AriError: 404: Endpoint not found
        """
        request = AriRequest(
            "POST",
            "endpoints/refer",
            query=(
                ("to", to),
                ("from", from_),
                ("refer_to", refer_to),
                ("to_self", flag(to_self)),
            ),
            body={"variables": variables} if variables else None,
        )
        await self.request(request, deadline)

    async def endpoints_list_by_tech(
        self,
        tech: str,
        *,
        deadline: float | None = None,
    ) -> list[Endpoint]:
        """List available endoints for a given endpoint technology.

        Raises:
            AriError: 404: Endpoints not found
        """
        request = AriRequest(
            "GET",
            f"endpoints/{segment(tech)}",
            over_http=True,
        )
        return decoded(list[Endpoint], request, await self.request(request, deadline))

    async def endpoints_get(
        self,
        tech: str,
        resource: str,
        *,
        deadline: float | None = None,
    ) -> Endpoint:
        """Details for an endpoint.

        Raises:
            AriError: 400: Invalid parameters for sending a message.
            AriError: 404: Endpoints not found
        """
        request = AriRequest(
            "GET",
            f"endpoints/{segment(tech)}/{segment(resource)}",
        )
        return decoded(Endpoint, request, await self.request(request, deadline))

    async def endpoints_send_message_to_endpoint(
        self,
        tech: str,
        resource: str,
        *,
        from_: str,
        body: str | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> None:
        """Send a message to some endpoint in a technology.

        Raises:
            AriError: 400: Invalid parameters for sending a message.
            AriError: 404: Endpoint not found
        """
        request = AriRequest(
            "PUT",
            f"endpoints/{segment(tech)}/{segment(resource)}/sendMessage",
            query=(
                ("from", from_),
                ("body", body),
            ),
            body={"variables": variables} if variables else None,
        )
        await self.request(request, deadline)

    async def endpoints_refer_to_endpoint(
        self,
        tech: str,
        resource: str,
        *,
        from_: str,
        refer_to: str,
        to_self: bool | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> None:
        """Refer an endpoint or technology URI to some technology URI or endpoint.

        Raises:
            AriError: 400: Invalid parameters for referring.
            AriError: 404: Endpoint not found
        """
        request = AriRequest(
            "POST",
            f"endpoints/{segment(tech)}/{segment(resource)}/refer",
            query=(
                ("from", from_),
                ("refer_to", refer_to),
                ("to_self", flag(to_self)),
            ),
            body={"variables": variables} if variables else None,
        )
        await self.request(request, deadline)

    async def events_user_event(
        self,
        event_name: str,
        *,
        application: str,
        source: Sequence[str] | None = None,
        variables: Mapping[str, Any] | None = None,
        deadline: float | None = None,
    ) -> None:
        """Generate a user event.

        Raises:
            AriError: 404: Application does not exist.
            AriError: 422: Event source not found.
            AriError: 400: Invalid even tsource URI or userevent data.
        """
        request = AriRequest(
            "POST",
            f"events/user/{segment(event_name)}",
            query=(
                ("application", application),
                ("source", joined(source)),
            ),
            body={"variables": variables} if variables else None,
        )
        await self.request(request, deadline)

    async def events_claim_channel(
        self,
        *,
        channel_id: str,
        application: str,
        deadline: float | None = None,
    ) -> None:
        """Claim a broadcast channel for this application.

        Raises:
            AriError: 404: Channel not found or not in broadcast state.
            AriError: 409: Channel has already been claimed by another application.
        """
        request = AriRequest(
            "POST",
            "events/claim",
            query=(
                ("channelId", channel_id),
                ("application", application),
            ),
        )
        await self.request(request, deadline)

    async def mailboxes_list(
        self,
        *,
        deadline: float | None = None,
    ) -> list[Mailbox]:
        """List all mailboxes."""
        request = AriRequest(
            "GET",
            "mailboxes",
            over_http=True,
        )
        return decoded(list[Mailbox], request, await self.request(request, deadline))

    async def mailboxes_get(
        self,
        mailbox_name: str,
        *,
        deadline: float | None = None,
    ) -> Mailbox:
        """Retrieve the current state of a mailbox.

        Raises:
            AriError: 404: Mailbox not found
        """
        request = AriRequest(
            "GET",
            f"mailboxes/{segment(mailbox_name)}",
        )
        return decoded(Mailbox, request, await self.request(request, deadline))

    async def mailboxes_update(
        self,
        mailbox_name: str,
        *,
        old_messages: int,
        new_messages: int,
        deadline: float | None = None,
    ) -> None:
        """Change the state of a mailbox. (Note - implicitly creates the mailbox).

        Raises:
            AriError: 404: Mailbox not found
        """
        request = AriRequest(
            "PUT",
            f"mailboxes/{segment(mailbox_name)}",
            query=(
                ("oldMessages", number(old_messages)),
                ("newMessages", number(new_messages)),
            ),
        )
        await self.request(request, deadline)

    async def mailboxes_delete(
        self,
        mailbox_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Destroy a mailbox.

        Raises:
            AriError: 404: Mailbox not found
        """
        request = AriRequest(
            "DELETE",
            f"mailboxes/{segment(mailbox_name)}",
        )
        await self.request(request, deadline)

    async def playbacks_get(
        self,
        playback_id: str,
        *,
        deadline: float | None = None,
    ) -> Playback:
        """Get a playback's details.

        Raises:
            AriError: 404: The playback cannot be found
        """
        request = AriRequest(
            "GET",
            f"playbacks/{segment(playback_id)}",
        )
        return decoded(Playback, request, await self.request(request, deadline))

    async def playbacks_stop(
        self,
        playback_id: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Stop a playback.

        Raises:
            AriError: 404: The playback cannot be found
        """
        request = AriRequest(
            "DELETE",
            f"playbacks/{segment(playback_id)}",
        )
        await self.request(request, deadline)

    async def playbacks_control(
        self,
        playback_id: str,
        *,
        operation: str,
        deadline: float | None = None,
    ) -> None:
        """Control a playback.

        Raises:
            AriError: 400: The provided operation parameter was invalid
            AriError: 404: The playback cannot be found
            AriError: 409: The operation cannot be performed in the playback's current state
        """
        request = AriRequest(
            "POST",
            f"playbacks/{segment(playback_id)}/control",
            query=(
                ("operation", operation),
            ),
        )
        await self.request(request, deadline)

    async def recordings_list_stored(
        self,
        *,
        deadline: float | None = None,
    ) -> list[StoredRecording]:
        """List recordings that are complete."""
        request = AriRequest(
            "GET",
            "recordings/stored",
            over_http=True,
        )
        return decoded(list[StoredRecording], request, await self.request(request, deadline))

    async def recordings_get_stored(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> StoredRecording:
        """Get a stored recording's details.

        Raises:
            AriError: 404: Recording not found
        """
        request = AriRequest(
            "GET",
            f"recordings/stored/{segment(recording_name)}",
        )
        return decoded(StoredRecording, request, await self.request(request, deadline))

    async def recordings_delete_stored(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Delete a stored recording.

        Raises:
            AriError: 404: Recording not found
        """
        request = AriRequest(
            "DELETE",
            f"recordings/stored/{segment(recording_name)}",
        )
        await self.request(request, deadline)

    async def recordings_get_stored_file(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> bytes:
        """Get the file associated with the stored recording.

        Raises:
            AriError: 403: The recording file could not be opened
            AriError: 404: Recording not found
        """
        request = AriRequest(
            "GET",
            f"recordings/stored/{segment(recording_name)}/file",
            over_http=True,
        )
        return decoded(bytes, request, await self.request(request, deadline))

    async def recordings_copy_stored(
        self,
        recording_name: str,
        *,
        destination_recording_name: str,
        deadline: float | None = None,
    ) -> StoredRecording:
        """Copy a stored recording.

        Raises:
            AriError: 404: Recording not found
            AriError: 409: A recording with the same name already exists on the system
        """
        request = AriRequest(
            "POST",
            f"recordings/stored/{segment(recording_name)}/copy",
            query=(
                ("destinationRecordingName", destination_recording_name),
            ),
        )
        return decoded(StoredRecording, request, await self.request(request, deadline))

    async def recordings_get_live(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> LiveRecording:
        """List live recordings.

        Raises:
            AriError: 404: Recording not found
        """
        request = AriRequest(
            "GET",
            f"recordings/live/{segment(recording_name)}",
        )
        return decoded(LiveRecording, request, await self.request(request, deadline))

    async def recordings_cancel(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Stop a live recording and discard it.

        Raises:
            AriError: 404: Recording not found
        """
        request = AriRequest(
            "DELETE",
            f"recordings/live/{segment(recording_name)}",
        )
        await self.request(request, deadline)

    async def recordings_stop(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Stop a live recording and store it.

        Raises:
            AriError: 404: Recording not found
        """
        request = AriRequest(
            "POST",
            f"recordings/live/{segment(recording_name)}/stop",
        )
        await self.request(request, deadline)

    async def recordings_pause(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Pause a live recording.

        Raises:
            AriError: 404: Recording not found
            AriError: 409: Recording not in session
        """
        request = AriRequest(
            "POST",
            f"recordings/live/{segment(recording_name)}/pause",
        )
        await self.request(request, deadline)

    async def recordings_unpause(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Unpause a live recording.

        Raises:
            AriError: 404: Recording not found
            AriError: 409: Recording not in session
        """
        request = AriRequest(
            "DELETE",
            f"recordings/live/{segment(recording_name)}/pause",
        )
        await self.request(request, deadline)

    async def recordings_mute(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Mute a live recording.

        Raises:
            AriError: 404: Recording not found
            AriError: 409: Recording not in session
        """
        request = AriRequest(
            "POST",
            f"recordings/live/{segment(recording_name)}/mute",
        )
        await self.request(request, deadline)

    async def recordings_unmute(
        self,
        recording_name: str,
        *,
        deadline: float | None = None,
    ) -> None:
        """Unmute a live recording.

        Raises:
            AriError: 404: Recording not found
            AriError: 409: Recording not in session
        """
        request = AriRequest(
            "DELETE",
            f"recordings/live/{segment(recording_name)}/mute",
        )
        await self.request(request, deadline)

    async def sounds_list(
        self,
        *,
        lang: str | None = None,
        format: str | None = None,
        deadline: float | None = None,
    ) -> list[Sound]:
        """List all sounds."""
        request = AriRequest(
            "GET",
            "sounds",
            query=(
                ("lang", lang),
                ("format", format),
            ),
            over_http=True,
        )
        return decoded(list[Sound], request, await self.request(request, deadline))

    async def sounds_get(
        self,
        sound_id: str,
        *,
        deadline: float | None = None,
    ) -> Sound:
        """Get a sound's details."""
        request = AriRequest(
            "GET",
            f"sounds/{segment(sound_id)}",
        )
        return decoded(Sound, request, await self.request(request, deadline))
