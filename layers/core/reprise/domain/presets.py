"""Named wishes for songs dropped into `inbox/<preset>/`. An owner adds `presets/<name>.json` to the bucket."""

from collections.abc import Mapping

PRESETS: Mapping[str, Mapping[str, object]] = {
    "lofi-jazz": {"style": "lo-fi jazz, brushed drums, upright bass, warm tape", "instrumental": True},
    "piano-ballad": {"style": "slow solo piano ballad, intimate, felt piano", "instrumental": True},
    "bossa-nova": {"style": "bossa nova, nylon guitar, soft percussion", "instrumental": True},
    "synthwave": {"style": "synthwave, analogue pads, gated drums, 1985", "instrumental": True},
    "music-box": {"style": "music box, delicate, slow", "instrumental": True},
    "8-bit": {"style": "8-bit chiptune, square waves, fast arpeggios", "instrumental": True},
    "orchestral": {"style": "cinematic orchestra, strings and horns", "instrumental": True},
    "folk": {"style": "acoustic folk, fingerpicked guitar, fiddle", "instrumental": True},
}
