"""Links that lead inside, or that clients read in two ways: one table for every door that takes a link."""

INSIDE = (
    "https://127.0.0.1/",
    "https://127.0.0.1:22/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://0/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0X7F.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.0x1/",
    "https://10.0.0.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.170.2/v2/credentials",
    "https://169.254.100.1:9001/2018-06-01/runtime/invocation/next",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://172.16.0.1/",
    "https://192.168.0.1/",
    "https://192.0.0.192/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[2001:0:5db8:d80e:0:0:5601:5601]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[100::1]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://a.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/computeMetadata/v1/",
)
"""Literal addresses and names of private space."""

WIDE = (
    "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
    "https://\u2460\u2461\u2466.0.0.1/",
    "https://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/",
)
"""127.0.0.1 and localhost in letters and digits that browsers and IDNA make plain ones of."""

TWOFOLD = (
    "https://songs.example@127.0.0.1/",
    "https://127.0.0.1@songs.example/",
    "https://user:word@songs.example/",
    "https://songs.example\\@127.0.0.1/",
    "https://127.0.0.1\\.songs.example/",
    "https://127.0.0.%31/",
    "https://127.0.0.1%2f.songs.example/",
    "https://songs.example,127.0.0.1/",
    "https://a..example/",
)
"""Where two clients may well go to two hosts."""

OTHER_SCHEMES = (
    "file:///etc/passwd",
    "ftp://songs.example/a.mp3",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/stats",
    "data:audio/mpeg;base64,SUQz",
    "javascript:alert(1)",
    "//127.0.0.1/a.mp3",
    "https:127.0.0.1",
    "",
    "https://",
    "https:///a.mp3",
)
PLAIN = ("http://songs.example/a.mp3", "http://93.184.215.14/a.mp3")
"""Public, without TLS."""

BY_NAME = {
    "rebound.example": ["169.254.169.254"],
    "mixed.example": ["93.184.215.14", "10.0.0.1"],
    "sixth.example": ["::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "nat64.example": ["64:ff9b::a9fe:a9fe"],
    "6to4.example": ["2002:7f00:1::"],
    "cgnat.example": ["100.100.100.200"],
    "none.example": [],
}
"""Names of the public look that resolve to private space."""
