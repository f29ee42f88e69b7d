"""Calls and channels: the one place that turns ARI into meaning."""
