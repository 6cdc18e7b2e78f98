/** The studio's colours of the voice in the song, as studio/voice.py names them. */
export const STUDIO_VOICES = [
  { id: "deeper", name: "Deeper: from a larger body" },
  { id: "brighter", name: "Brighter: from a smaller body" },
  { id: "choir", name: "Choir: doubled by itself" },
  { id: "vocoder", name: "Vocoder: spoken by a synth" },
];
