"""Taking secrets out of text that is kept or logged: callback tokens, audio keys, bearer keys, signed queries."""

import re

HIDDEN = "[redacted]"

_SLASH = r"(?:\\{0,3}/|%2F)"
_PART = r"[^/\\%\s\"?]+"
_VALUE = r"[^&;,\s\"'<>\\]+"
"""Links come plain, inside JSON (`\\/`, `\\u0026`), inside HTML (`&amp;`) and inside another link (`%2F`, `%26`)."""

_CALLBACK = re.compile(rf"(?i)({_SLASH}callbacks{_SLASH}{_PART}{_SLASH}{_PART}{_SLASH}{_PART}{_SLASH}){_PART}")
_AUDIO = re.compile(rf"(?i)({_SLASH}audio{_SLASH}[0-9a-f]{{32}}{_SLASH})[\w-]{{20,}}")
_BEARER = re.compile(r"(?i)(bearer\s+)[\w.~+/=-]{8,}")
_SIGNED = re.compile(rf"(?i)(x-(?:amz|goog)-(?:signature|credential|security-token)(?:=|%3D)){_VALUE}")
_PARAMETER = re.compile(
    r"(?i)((?:[?&;]|%3F|%26|\\u0026)(?:signature|sig|(?:access_?)?token|secret|password|policy|key|api_?key)"
    rf"(?:=|%3D)){_VALUE}"
)

PATTERNS = (
    ("/callba", _CALLBACK),
    ("%2fcallba", _CALLBACK),
    ("/aud", _AUDIO),
    ("%2faud", _AUDIO),
    ("bearer", _BEARER),
    ("x-amz-", _SIGNED),
    ("x-goog-", _SIGNED),
    ("=", _PARAMETER),
    ("%3d", _PARAMETER),
    ("rk_", re.compile(r"()\brk_[\w-]{20,}")),
    ("whs", re.compile(r"()\bwhs(?:ec|k)_[\w+/=-]{20,}")),
)
"""Each after a word without which, in small letters, it finds nothing: most texts have none. No word of a pattern that
takes both cases has an `i` or an `s`: `ı` and `ſ` pass for them there, and are small letters themselves."""


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    small = text.lower()
    for word, pattern in PATTERNS:
        if word in small:
            text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text
