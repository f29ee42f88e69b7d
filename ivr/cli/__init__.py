"""The commands of ``./moked``."""
