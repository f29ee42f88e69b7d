"""Runs a dialplan on a real call: joins the language to telephony, routing, prompts and storage."""
