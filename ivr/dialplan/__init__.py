"""The dialplan language: what an administrator writes and how it is run. No Twisted in here."""
