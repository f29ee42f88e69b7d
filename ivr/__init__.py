"""Moked: the telephony server of a council's call centre."""
