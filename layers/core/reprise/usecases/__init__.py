"""One verb a file, the same verbs as under functions/.

They know the domain and the ports, and how tokens are checked and secrets redacted.
"""
