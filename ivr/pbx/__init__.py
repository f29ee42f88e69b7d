"""Runs Asterisk: renders its configuration, starts a private one, watches and checks it."""
