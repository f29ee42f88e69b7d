"""Who may do what: ONE table from route to roles, and nothing that is not in it is allowed."""

from enum import StrEnum


class Role(StrEnum):
    """The four roles; a user has exactly one, within one authority."""

    AGENT = "agent"
    SHIFT_LEAD = "shift_lead"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


_A, _L, _ADMIN, _AUD = Role.AGENT, Role.SHIFT_LEAD, Role.ADMINISTRATOR, Role.AUDITOR
EVERYONE = frozenset(Role)
DESK = frozenset({_A, _L})  # who talks with residents
STAFF = frozenset({_A, _L, _ADMIN})  # who changes things for residents
LEADS = frozenset({_L, _ADMIN})
READERS = frozenset({_L, _ADMIN, _AUD})  # who sees other people's work

PLANNERS = frozenset({_ADMIN, _AUD})  # who sees how calls flow; only administrators change it

OPEN = frozenset(
    {
        "POST /api/sign-in",
        "POST /first/{token}",
        "GET /api/health",
        "GET /api/openapi.json",
    }
)

ACCESS: dict[str, frozenset[Role]] = {
    "POST /api/sign-out": EVERYONE,
    "GET /api/me": EVERYONE,
    "POST /api/me/password": EVERYONE,
    "GET /api/status": EVERYONE,
    "GET /api/site": EVERYONE,
    "GET /api/emergency": EVERYONE,
    "PUT /api/emergency": LEADS,
    "GET /api/calls": EVERYONE,
    "GET /api/calls/{call_id}": EVERYONE,
    "POST /api/calls/{call_id}/recording/pause": DESK,
    "POST /api/calls/{call_id}/recording/resume": DESK,
    "POST /api/calls/{call_id}/hang-up": DESK,
    "GET /api/tickets": EVERYONE,
    "POST /api/tickets": STAFF,
    "POST /api/tickets/{ticket_id}/close": STAFF,
    "GET /api/contacts": EVERYONE,
    "PUT /api/contacts": STAFF,
    "GET /api/agents": EVERYONE,
    "GET /api/queues": EVERYONE,
    "GET /api/agents/{agent_id}": EVERYONE,
    "POST /api/agents/{agent_id}/sign-in": DESK,
    "POST /api/agents/{agent_id}/sign-out": STAFF,
    "POST /api/agents/{agent_id}/pause": DESK,
    "POST /api/agents/{agent_id}/resume": DESK,
    "POST /api/agents/{agent_id}/finish-wrap-up": DESK,
    "GET /api/work": STAFF | {_AUD},
    "POST /api/work/{item_id}/close": STAFF,
    "GET /api/closures": EVERYONE,
    "POST /api/closures": LEADS,
    "DELETE /api/closures/{closure_id}": LEADS,
    "GET /api/recordings": READERS,
    "GET /api/recordings/{name}/audio": EVERYONE,  # agents: messages only, no talks
    "GET /api/audit": frozenset({_ADMIN, _AUD}),
    "GET /api/users": frozenset({_ADMIN, _AUD}),
    "POST /api/users": frozenset({_ADMIN}),
    "PATCH /api/users/{user_id}": frozenset({_ADMIN}),
    "POST /api/users/{user_id}/password": frozenset({_ADMIN}),
    "GET /api/dialplans": PLANNERS,
    "GET /api/dialplans/schema": PLANNERS,
    "GET /api/dialplans/names": PLANNERS,
    "GET /api/dialplans/problems": PLANNERS,
    "GET /api/dialplans/uses": READERS,  # leads: whom a closure is for
    "GET /api/dialplans/drafts/{file}": PLANNERS,
    "PUT /api/dialplans/drafts/{file}": frozenset({_ADMIN}),
    "DELETE /api/dialplans/drafts/{file}": frozenset({_ADMIN}),
    "POST /api/dialplans/publish": frozenset({_ADMIN}),
    "GET /api/dialplans/scheduled": PLANNERS,
    "POST /api/dialplans/scheduled": frozenset({_ADMIN}),
    "DELETE /api/dialplans/scheduled/{publish_id}": frozenset({_ADMIN}),
    "GET /api/dialplans/lines/{line}/draft": PLANNERS,
    "GET /api/dialplans/lines/{line}/counts": PLANNERS,
    "GET /api/dialplans/lines/{line}/tree.svg": PLANNERS,
    "GET /api/dialplans/lines/{line}/difference": PLANNERS,
    "GET /api/dialplans/lines/{line}/versions": PLANNERS,
    "GET /api/dialplans/lines/{line}/versions/{version}": PLANNERS,
    "POST /api/dialplans/lines/{line}/roll-back": frozenset({_ADMIN}),
    "GET /api/dialplans/lines/{line}/proof": READERS,
    "POST /api/dialplans/lines/{line}/simulation": READERS,  # changes nothing
    "GET /api/dialplans/lines/{line}/changes": READERS,
    "GET /api/dialplans/lines/{line}/tests": READERS,
    "GET /api/dialplans/lines/{line}/replay": READERS,
    "GET /api/prompts/{language}/{name}": EVERYONE,
    "WS /ws/desk": EVERYONE,
}

# What the machine's own command line may change; for the rest it reads as an auditor does.
MACHINE = frozenset(
    {
        "PUT /api/emergency",
        "POST /api/dialplans/publish",
        "POST /api/dialplans/lines/{line}/roll-back",
    }
)


def may(role: Role, route: str) -> bool:
    """Say whether *role* may use *route* (``"METHOD /path/{template}"``); unknown: no."""
    return role in ACCESS.get(route, frozenset())
