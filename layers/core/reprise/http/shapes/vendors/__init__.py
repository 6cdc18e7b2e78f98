"""What the dialects answer, as types: mypy holds the translators to them, and the vendors' documents are made of them.

No door loads this: the translators name it to the type checker alone.
"""
