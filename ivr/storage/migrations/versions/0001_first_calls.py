"""First calls: the whole schema of the first release."""

import sqlalchemy as sa
from alembic import op

from ivr.storage.columns import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agents',
    sa.Column('agent_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('endpoint', sa.String(), server_default='', nullable=False),
    sa.Column('state', sa.String(), server_default='', nullable=False),
    sa.Column('state_since', Moment(), nullable=False),
    sa.Column('reason', sa.String(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('reserved_by', sa.String(), nullable=True),
    sa.Column('reserved_until', Moment(), nullable=True),
    sa.Column('missed_in_a_row', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('signed_in_at', Moment(), nullable=True),
    sa.Column('idle_since', Moment(), nullable=True),
    sa.Column('previous', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('agent_id', name=op.f('pk_agents'))
    )
    op.create_table('alarms',
    sa.Column('alarm_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('alarm', sa.String(), server_default='', nullable=False),
    sa.Column('text', sa.String(), server_default='', nullable=False),
    sa.Column('raised_at', Moment(), nullable=False),
    sa.Column('cleared_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('alarm_id', name=op.f('pk_alarms'))
    )
    op.create_index(op.f('ix_alarms_authority_id_alarm'), 'alarms', ['authority_id', 'alarm'], unique=False)
    op.create_table('audit',
    sa.Column('entry_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('who', sa.String(), server_default='', nullable=False),
    sa.Column('action', sa.String(), server_default='', nullable=False),
    sa.Column('subject', sa.String(), server_default='', nullable=False),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_audit'))
    )
    op.create_index(op.f('ix_audit_authority_id_at'), 'audit', ['authority_id', 'at'], unique=False)
    op.create_table('authorities',
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('authority_id', name=op.f('pk_authorities'))
    )
    op.create_table('call_positions',
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('line', sa.String(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('label', sa.String(), server_default='', nullable=False),
    sa.Column('visit', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('variables', sa.JSON(), nullable=False),
    sa.Column('channel_id', sa.String(), server_default='', nullable=False),
    sa.Column('caller_number', sa.String(), server_default='', nullable=False),
    sa.Column('called_number', sa.String(), server_default='', nullable=False),
    sa.Column('language', sa.String(), server_default='', nullable=False),
    sa.Column('arrived_at', Moment(), nullable=False),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('queue', sa.String(), server_default='', nullable=False),
    sa.Column('queued_at', Moment(), nullable=True),
    sa.Column('state', sa.JSON(), nullable=False),
    sa.Column('stored_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_call_positions'))
    )
    op.create_table('call_traces',
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('label', sa.String(), server_default='', nullable=False),
    sa.Column('kind', sa.String(), server_default='', nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('heard', sa.JSON(), nullable=False),
    sa.Column('pressed', sa.String(), server_default='', nullable=False),
    sa.Column('went_to', sa.String(), server_default='', nullable=False),
    sa.Column('error', sa.String(), server_default='', nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('call_id', 'seq', name=op.f('pk_call_traces'))
    )
    op.create_table('calls',
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('line', sa.String(), server_default='', nullable=False),
    sa.Column('plan_version', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('caller_number', sa.String(), server_default='', nullable=False),
    sa.Column('caller_received', sa.String(), server_default='', nullable=False),
    sa.Column('called_number', sa.String(), server_default='', nullable=False),
    sa.Column('language', sa.String(), server_default='', nullable=False),
    sa.Column('arrived_at', Moment(), nullable=False),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('outcome', sa.String(), server_default='', nullable=False),
    sa.Column('hangup_cause', sa.Integer(), nullable=True),
    sa.Column('talked_with', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_calls'))
    )
    op.create_index(op.f('ix_calls_authority_id_arrived_at'), 'calls', ['authority_id', 'arrived_at'], unique=False)
    op.create_index(op.f('ix_calls_authority_id_caller_number'), 'calls', ['authority_id', 'caller_number'], unique=False)
    op.create_index(op.f('ix_calls_ended_at'), 'calls', ['ended_at'], unique=False)
    op.create_table('contacts',
    sa.Column('contact_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('number', sa.String(), server_default='', nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('language', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('updated_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('contact_id', name=op.f('pk_contacts')),
    sa.UniqueConstraint('authority_id', 'number', name=op.f('uq_contacts_authority_id_number'))
    )
    op.create_table('counters',
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('authority_id', 'name', name=op.f('pk_counters'))
    )
    op.create_table('effects',
    sa.Column('effect_key', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('result', sa.String(), server_default='', nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('effect_key', name=op.f('pk_effects'))
    )
    op.create_table('journal_facts',
    sa.Column('fact_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('applied_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('fact_id', name=op.f('pk_journal_facts'))
    )
    op.create_index(op.f('ix_journal_facts_applied_at'), 'journal_facts', ['applied_at'], unique=False)
    op.create_table('messages',
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('box', sa.String(), server_default='', nullable=False),
    sa.Column('call_id', sa.String(), server_default='', nullable=False),
    sa.Column('recording', sa.String(), server_default='', nullable=False),
    sa.Column('caller_number', sa.String(), server_default='', nullable=False),
    sa.Column('left_at', Moment(), nullable=False),
    sa.Column('seconds', sa.Float(), server_default=sa.text('0'), nullable=False),
    sa.Column('owner', sa.String(), server_default='', nullable=False),
    sa.Column('handled_at', Moment(), nullable=True),
    sa.Column('handled_by', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_messages'))
    )
    op.create_index(op.f('ix_messages_authority_id_box'), 'messages', ['authority_id', 'box'], unique=False)
    op.create_table('offers',
    sa.Column('offer_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('call_id', sa.String(), server_default='', nullable=False),
    sa.Column('agent_id', sa.String(), server_default='', nullable=False),
    sa.Column('queue', sa.String(), server_default='', nullable=False),
    sa.Column('made_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('why', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('offer_id', name=op.f('pk_offers'))
    )
    op.create_index(op.f('ix_offers_agent_id_made_at'), 'offers', ['agent_id', 'made_at'], unique=False)
    op.create_index(op.f('ix_offers_call_id'), 'offers', ['call_id'], unique=False)
    op.create_table('outbox',
    sa.Column('item_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('connector', sa.String(), server_default='', nullable=False),
    sa.Column('kind', sa.String(), server_default='', nullable=False),
    sa.Column('key', sa.String(), server_default='', nullable=False),
    sa.Column('order_by', sa.String(), server_default='', nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), server_default='', nullable=False),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('queued_at', Moment(), nullable=False),
    sa.Column('due_at', Moment(), nullable=False),
    sa.Column('leased_until', Moment(), nullable=True),
    sa.Column('held_for', sa.String(), nullable=True),
    sa.Column('error', sa.String(), server_default='', nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('connector', 'key', name=op.f('uq_outbox_connector_key'))
    )
    op.create_index(op.f('ix_outbox_connector_order_by'), 'outbox', ['connector', 'order_by'], unique=False)
    op.create_index(op.f('ix_outbox_held_for'), 'outbox', ['held_for'], unique=False)
    op.create_index(op.f('ix_outbox_state_connector_due_at'), 'outbox', ['state', 'connector', 'due_at'], unique=False)
    op.create_table('plan_versions',
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('text', sa.String(), server_default='', nullable=False),
    sa.Column('published_at', Moment(), nullable=False),
    sa.Column('published_by', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('authority_id', 'line', 'version', name=op.f('pk_plan_versions'))
    )
    op.create_table('queue_entries',
    sa.Column('entry_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('call_id', sa.String(), server_default='', nullable=False),
    sa.Column('queue', sa.String(), server_default='', nullable=False),
    sa.Column('entered_at', Moment(), nullable=False),
    sa.Column('left_at', Moment(), nullable=True),
    sa.Column('why', sa.String(), server_default='', nullable=False),
    sa.Column('waited', sa.Float(), server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_queue_entries'))
    )
    op.create_index(op.f('ix_queue_entries_authority_id_queue_entered_at'), 'queue_entries', ['authority_id', 'queue', 'entered_at'], unique=False)
    op.create_index(op.f('ix_queue_entries_call_id'), 'queue_entries', ['call_id'], unique=False)
    op.create_table('recordings',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('call_id', sa.String(), server_default='', nullable=False),
    sa.Column('queue', sa.String(), server_default='', nullable=False),
    sa.Column('agent_id', sa.String(), server_default='', nullable=False),
    sa.Column('kind', sa.String(), server_default='', nullable=False),
    sa.Column('state', sa.String(), server_default='', nullable=False),
    sa.Column('started_at', Moment(), nullable=False),
    sa.Column('seconds', sa.Float(), server_default=sa.text('0'), nullable=False),
    sa.Column('size', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('checksum', sa.String(), server_default='', nullable=False),
    sa.Column('path', sa.String(), server_default='', nullable=False),
    sa.Column('wrapped_key', sa.String(), server_default='', nullable=False),
    sa.Column('retain_until', Moment(), nullable=False),
    sa.Column('deleted_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_recordings'))
    )
    op.create_index(op.f('ix_recordings_call_id'), 'recordings', ['call_id'], unique=False)
    op.create_index(op.f('ix_recordings_retain_until'), 'recordings', ['retain_until'], unique=False)
    op.create_table('refusals',
    sa.Column('refusal_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('line', sa.String(), server_default='', nullable=False),
    sa.Column('caller_number', sa.String(), server_default='', nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('refusal_id', name=op.f('pk_refusals'))
    )
    op.create_index(op.f('ix_refusals_authority_id_line'), 'refusals', ['authority_id', 'line'], unique=False)
    op.create_table('tickets',
    sa.Column('ticket_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), server_default='', nullable=False),
    sa.Column('subject', sa.String(), server_default='', nullable=False),
    sa.Column('text', sa.String(), server_default='', nullable=False),
    sa.Column('state', sa.String(), server_default='', nullable=False),
    sa.Column('department', sa.String(), server_default='', nullable=False),
    sa.Column('caller_number', sa.String(), server_default='', nullable=False),
    sa.Column('contact_name', sa.String(), server_default='', nullable=False),
    sa.Column('call_id', sa.String(), nullable=True),
    sa.Column('opened_by', sa.String(), server_default='', nullable=False),
    sa.Column('opened_at', Moment(), nullable=False),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.Column('closed_by', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('authority_id', 'reference', name=op.f('uq_tickets_authority_id_reference'))
    )
    op.create_index(op.f('ix_tickets_authority_id_caller_number'), 'tickets', ['authority_id', 'caller_number'], unique=False)
    op.create_index(op.f('ix_tickets_call_id'), 'tickets', ['call_id'], unique=False)
    op.create_table('users',
    sa.Column('user_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('full_name', sa.String(), server_default='', nullable=False),
    sa.Column('role', sa.String(), server_default='', nullable=False),
    sa.Column('password_hash', sa.String(), server_default='', nullable=False),
    sa.Column('agent_id', sa.String(), nullable=True),
    sa.Column('disabled', sa.Boolean(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('password_changed_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_users')),
    sa.UniqueConstraint('authority_id', 'name', name=op.f('uq_users_authority_id_name'))
    )
    op.create_table('work_items',
    sa.Column('work_item_id', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), server_default='', nullable=False),
    sa.Column('call_id', sa.String(), server_default='', nullable=False),
    sa.Column('line', sa.String(), server_default='', nullable=False),
    sa.Column('caller_number', sa.String(), server_default='', nullable=False),
    sa.Column('opened_at', Moment(), nullable=False),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.Column('closed_by', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('work_item_id', name=op.f('pk_work_items')),
    sa.UniqueConstraint('kind', 'call_id', name=op.f('uq_work_items_kind_call_id'))
    )
    op.create_table('agent_queues',
    sa.Column('agent_id', sa.String(), nullable=False),
    sa.Column('queue', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('rank', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.agent_id'], name=op.f('fk_agent_queues_agent_id_agents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('agent_id', 'queue', name=op.f('pk_agent_queues'))
    )
    op.create_table('sessions',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('authority_id', sa.String(), nullable=False),
    sa.Column('user_id', sa.String(), nullable=False),
    sa.Column('csrf', sa.String(), server_default='', nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('seen_at', Moment(), nullable=False),
    sa.Column('expires_at', Moment(), nullable=False),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.user_id'], name=op.f('fk_sessions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sessions'))
    )
    op.create_index(op.f('ix_sessions_user_id'), 'sessions', ['user_id'], unique=False)
    _append_only_audit()


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_table("agent_queues")
    op.drop_table("work_items")
    op.drop_table("users")
    op.drop_table("tickets")
    op.drop_table("refusals")
    op.drop_table("recordings")
    op.drop_table("queue_entries")
    op.drop_table("plan_versions")
    op.drop_table("outbox")
    op.drop_table("offers")
    op.drop_table("messages")
    op.drop_table("journal_facts")
    op.drop_table("effects")
    op.drop_table("counters")
    op.drop_table("contacts")
    op.drop_table("calls")
    op.drop_table("call_traces")
    op.drop_table("call_positions")
    op.drop_table("authorities")
    op.drop_table("audit")
    op.drop_table("alarms")
    op.drop_table("agents")


def _append_only_audit() -> None:
    """The database itself refuses to change or delete an audit entry."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit BEGIN "
                "SELECT RAISE(ABORT, 'audit entries are never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )
