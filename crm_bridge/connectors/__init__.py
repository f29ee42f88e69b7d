"""The connectors; a new one is a file here and a line below."""

from crm_bridge.connector import Connector
from crm_bridge.connectors.email import EmailConnector
from crm_bridge.connectors.null import NullConnector
from crm_bridge.connectors.webhook import WebhookConnector

CONNECTORS: tuple[type[Connector], ...] = (NullConnector, WebhookConnector, EmailConnector)
