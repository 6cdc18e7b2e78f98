"""The whole system on this machine: template.yaml on an embedded AWS, its functions as processes, fake providers.

Nothing in here is deployed. `python -m local up | down | demo` is the door.
"""
