"""A layer of one module, which only the probe declares."""

GREETING = "hello"
