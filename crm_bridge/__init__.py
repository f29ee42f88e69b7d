"""Turns what happens to calls into screen-pops, tickets and messages to other systems."""
