"""The HTTP service around the engine: a durable queue, worker processes, signed callbacks, files.

It uses `reprise.net` (which URLs may be fetched, and how) and `reprise.domain.audio` (what audio begins like) of the
gateway, and nothing else of it. They need httpx and the standard library alone, and a second set of rules against
requests into private networks would be a second place to get them wrong.
"""
