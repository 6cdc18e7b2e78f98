"""Reprise: a self-hosted gateway for AI cover songs."""
