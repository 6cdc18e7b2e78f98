"""Taking secrets out of text that is kept or logged: callback tokens, audio keys, bearer keys, signed queries."""

import re

HIDDEN = "[redacted]"

_SLASH = r"(?:\\{0,3}/|%2F)"
_PART = r"[^/\\%\s\"?]+"
_VALUE = r"[^&;,\s\"'<>\\]+"
"""Links come plain, inside JSON (`\\/`, `\\u0026`), inside HTML (`&amp;`) and inside another link (`%2F`, `%26`)."""

_PATTERNS = (
    re.compile(rf"(?i)({_SLASH}callbacks{_SLASH}{_PART}{_SLASH}{_PART}{_SLASH}{_PART}{_SLASH}){_PART}"),
    re.compile(rf"(?i)({_SLASH}audio{_SLASH}[0-9a-f]{{32}}{_SLASH})[\w-]{{20,}}"),
    re.compile(r"(?i)(bearer\s+)[\w.~+/=-]{8,}"),
    re.compile(rf"(?i)(x-(?:amz|goog)-(?:signature|credential|security-token)(?:=|%3D)){_VALUE}"),
    re.compile(
        r"(?i)((?:[?&;]|%3F|%26|\\u0026)(?:signature|sig|(?:access_?)?token|secret|password|policy|key|api_?key)"
        rf"(?:=|%3D)){_VALUE}"
    ),
    re.compile(r"()\brk_[\w-]{20,}"),
    re.compile(r"()\bwhs(?:ec|k)_[\w+/=-]{20,}"),
)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text
