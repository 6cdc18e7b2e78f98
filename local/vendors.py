"""Whose takes the local run can make."""

VENDORS = ("kie", "sunoapi", "aimusicapi", "aimlapi", "musicgpt")
"""There is a fake of each."""

STUDIO = "studio"
"""Our own, and real."""
