"""A callback's signature: HMAC-SHA256 over `<timestamp>.<body>`, in hex. The timestamp is in Unix seconds.

So the receiver knows that the body is ours and not an old one sent again. `providers/studio.py` checks it.
"""

import hashlib
import hmac

TIMESTAMP, SIGNATURE = "X-Webhook-Timestamp", "X-Webhook-Signature"


def headers(key: str, body: bytes, now: float) -> dict[str, str]:
    """Empty where the owner has set no key."""
    if not key:
        return {}
    timestamp = str(int(now))
    digest = hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: timestamp, SIGNATURE: digest}
