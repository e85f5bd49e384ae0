"""Sounds of the rehearsal, computed: a big drum and a bronze bell. Nobody speaks in them, and nobody has recorded them."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
DRUM_BEATS = (0.0, 0.9, 1.8)
"""Seconds: three slow beats, as before an offering."""
_BELL = ((1.0, 1.0, 2.2), (2.0, 0.55, 1.6), (2.4, 0.45, 1.2), (3.0, 0.3, 0.9), (4.5, 0.2, 0.5), (5.33, 0.12, 0.35))
"""Partials of a bell: frequency over the lowest (hum, prime, tierce, quint …), loudness, seconds until it has faded to a third."""


def drum(seconds: float = 4.0) -> bytes:
    """Three beats of a big drum: a low tone that falls, and the slap of the skin. A WAV, mono, 16 bit."""
    t = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros_like(t)
    skin = _noise(int(0.12 * RATE)) * np.exp(-np.arange(int(0.12 * RATE)) / (0.018 * RATE))
    for start in DRUM_BEATS:
        here = np.clip(t - start, 0.0, None)
        tone = np.sin(2 * np.pi * (62.0 * here + 3.2 * (1 - np.exp(-here * 14)))) * np.exp(-here * 3.4)
        sound += np.where(t >= start, tone, 0.0)
        first = int(start * RATE)
        sound[first : first + len(skin)] += 0.35 * skin
    return _wav(sound)


def bell(seconds: float = 5.0) -> bytes:
    """One stroke of a bronze bell. A WAV, mono, 16 bit."""
    t = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros_like(t)
    for ratio, loud, fade in _BELL:
        sound += loud * np.sin(2 * np.pi * 146.0 * ratio * t) * np.exp(-t / fade)
    return _wav(sound * np.clip(t / 0.004, 0.0, 1.0))


def _noise(count: int) -> NDArray[np.float64]:
    """The same noise everywhere: a linear congruential generator (Numerical Recipes, 2nd edition, section 7.1)."""
    values = np.empty(count)
    state = 2026
    for k in range(count):
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        values[k] = state / 2**31 - 1.0
    return values


def _wav(sound: NDArray[np.float64]) -> bytes:
    tail = np.clip((len(sound) - np.arange(len(sound))) / (0.3 * RATE), 0.0, 1.0)
    samples = np.rint(0.8 * 32767 * sound * tail / np.abs(sound).max()).astype("<i2")
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return made.getvalue()
