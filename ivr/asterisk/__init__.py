"""Speaks to Asterisk: ARI, FastAGI, AMI. Knows no call centre."""
