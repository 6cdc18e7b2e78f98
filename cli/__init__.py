"""The command `reprise`: covers for whoever has an API key; keys, dead letters and a doctor for the owner of a stack.

One file a group of commands.
"""
