"""A small SIP/RTP endpoint that plays carrier, external centre, on-call phone and desk phones."""
