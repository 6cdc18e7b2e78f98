"""A cover engine that needs no network: it hears melody, chords and beat, and plays them anew in another style.

    audio -> posterior -> rhythm, melody, harmony -> style -> arrange -> sampler, chip -> mix -> audio

`analysis.analyse` is the first half, `cover.cover` the whole. docs/studio.md shows every step.
"""
