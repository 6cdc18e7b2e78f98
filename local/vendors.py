"""The vendors that there is a fake of."""

VENDORS = ("kie", "sunoapi", "aimusicapi", "aimlapi", "musicgpt")
