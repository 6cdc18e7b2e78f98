"""The HTTP service around the engine: a durable queue, worker processes, signed callbacks, files.

It uses `reprise.net` (which URLs may be fetched, and how), `reprise.domain.audio` (what audio begins like) and
`reprise.media` (how long it is) of the gateway, and nothing else of it. They need httpx and PyAV, which are here
anyway, and a second set of rules against requests into private networks would be a second place to get them wrong.
"""
