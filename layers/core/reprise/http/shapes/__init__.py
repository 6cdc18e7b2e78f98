"""What our own API answers, as types: mypy holds the views to them, and the OpenAPI document is made of them; and what
it is asked, as models (`bodies.py`).

No door loads this: the views name it to the type checker alone.
"""
