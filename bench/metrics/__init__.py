"""Rulers. Each is told the truth and what was heard; tests/studio/rulers holds each to answers known beforehand."""
