"""What telephony does with ARI, as scenarios: each ends in a transcript of answers and events."""

from __future__ import annotations

from tests.contracts import ari_call_scenarios as calls
from tests.contracts import ari_media_scenarios as media
from tests.contracts.ari_steps import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    calls.unknown_channel,
    calls.unknown_things,
    calls.call_is_answered,
    calls.call_rings_and_is_given_up,
    calls.call_is_busy,
    calls.call_is_rejected,
    calls.call_is_congested,
    calls.call_is_not_answered_in_time,
    calls.other_end_hangs_up,
    calls.endpoint_cannot_be_reached,
    media.prompt_is_played,
    media.prompt_is_stopped,
    media.second_prompt_waits_for_the_first,
    media.prompt_does_not_exist,
    media.caller_leaves_during_a_prompt,
    media.variable_waits_for_the_prompt,
    media.caller_leaves_while_a_variable_waits,
    calls.variables_are_read_and_set,
    media.two_talk_in_a_bridge,
    media.bridge_is_destroyed_under_channels,
    media.bridge_refuses_strangers,
    calls.call_goes_back_to_the_dialplan,
    calls.call_moves_to_the_application_again,
    media.message_is_recorded,
    media.message_ends_when_the_caller_hangs_up,
    media.message_ends_by_a_key,
    media.message_has_a_longest_time,
    media.bridge_is_played_to,
    media.caller_goes_from_waiting_to_talk,
    media.talk_is_recorded_in_the_bridge,
    media.caller_leaves_the_bridge_by_hanging_up,
    media.digit_is_pressed,
    media.supervisor_listens,
    calls.call_arrives_and_is_claimed,
    calls.call_arrives_and_nobody_claims,
    calls.caller_hangs_up,
    calls.caller_is_sent_back_to_the_dialplan,
    calls.phone_is_pushed,
    calls.lamp_is_lit,
    calls.lists_are_read,
    # Last: from then on Asterisk 22.10.1 answers 409 instead of 500 to a create that fails on the
    # same connection (it reads a stale `ast_channel_errno()` of that thread).
    calls.id_is_taken,
)
