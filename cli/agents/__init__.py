"""`reprise mcp`: covers for agents, by the Model Context Protocol over stdin and stdout (docs/mcp.md).

Nothing of the other commands imports it: the SDK takes a second to load, and may not be installed.
"""
