"""Why a song is refused. Each has a `code` for programs and a sentence for people.

StudioError
├── NotAudioError       not_audio     nothing that decodes to sound
├── ProtectedError      protected     encrypted by a shop (DRM)
├── TooShortError       too_short     under five seconds
├── TooLongError        too_long      over eight minutes
├── NoMelodyError       no_melody     silence, noise, speech, drums: nothing to sing, so nothing is invented
└── NoFontError         no_font       the style needs a soundfont and none was found
"""


class StudioError(Exception):
    code = "studio"


class NotAudioError(StudioError):
    code = "not_audio"


class ProtectedError(StudioError):
    code = "protected"


class TooShortError(StudioError):
    code = "too_short"


class TooLongError(StudioError):
    code = "too_long"


class NoMelodyError(StudioError):
    code = "no_melody"


class NoFontError(StudioError):
    code = "no_font"
