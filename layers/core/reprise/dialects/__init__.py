"""Inbound: one file a vocabulary. Each translates its own words into the canonical request."""
