"""Taking secrets out of text that is kept or logged: callback tokens, bearer keys, signed queries."""

import re

HIDDEN = "[redacted]"

_PATTERNS = (
    re.compile(r"(/callbacks/[^/\s\"?]+/[^/\s\"?]+/[^/\s\"?]+/)[^/\s\"?\\]+"),
    re.compile(r"(?i)(bearer\s+)[\w.~+/=-]{8,}"),
    re.compile(
        r"(?i)([?&](?:x-amz-(?:signature|credential|security-token)|signature|sig|token|key|api_?key)=)[^&\s\"\\]+"
    ),
    re.compile(r"()\brk_[\w-]{20,}"),
)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text
