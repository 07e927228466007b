"""Responses that `sound.dsp.convolution` rings through: a room, and a widening of a mono signal."""

import functools

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import frequencies, irfft, rfft
from sound.rates import SAMPLE_RATE

_ROOM_FRAMES = 1 << 16
_ROOM_GAIN = 0.8
_BEFORE_ROOM_FRAMES = 480
_BANDS = ((250.0, 1.3), (1500.0, 1.1), (5000.0, 0.7), (10000.0, 0.4))
"""Upper edges of the bands, in Hz, and seconds that each takes to fall by 60 dB."""
_LOWEST_HZ = 180.0
_WIDENING_FRAMES = 1024
_MONO_BELOW_HZ, _WIDE_FROM_HZ = 150.0, 260.0


@functools.cache
def space_responses() -> NDArray[np.float32]:
    """A room, and a widening of mono sound, (2, 2, 65536): from each of them to the left and to the right."""
    responses = np.zeros((2, 2, _ROOM_FRAMES), np.float32)
    responses[0] = _ROOM_GAIN * _room()
    side = _widening()
    responses[1, 0, : len(side)] = side
    responses[1, 1, : len(side)] = -side
    return responses


def _room() -> NDArray[np.float64]:
    """A room of 1.4 s, (2, 65536): noise that dies away, the high bands first, without lows, its energy 1."""
    chance = np.random.default_rng(1)
    frequency = frequencies(_ROOM_FRAMES, SAMPLE_RATE)
    seconds = np.arange(_ROOM_FRAMES) / SAMPLE_RATE
    response = np.zeros((2, _ROOM_FRAMES))
    low = _LOWEST_HZ
    for high, fall_seconds in _BANDS:
        noise = rfft(chance.standard_normal((2, _ROOM_FRAMES)))
        noise *= (frequency >= low) & (frequency < high)
        response += irfft(noise, _ROOM_FRAMES) * 10 ** (-3 * seconds / fall_seconds)
        low = high
    response = np.roll(response, _BEFORE_ROOM_FRAMES, axis=1)
    response[:, :_BEFORE_ROOM_FRAMES] = 0
    response[:, -4096:] *= np.linspace(1, 0, 4096)
    return np.asarray(response / np.sqrt((response**2).sum(axis=1, keepdims=True)))


def _widening() -> NDArray[np.float64]:
    """The side signal of a mono one, (1024,): its phases scattered over 20 ms, nothing under 150 Hz."""
    chance = np.random.default_rng(2)
    noise = chance.standard_normal(_WIDENING_FRAMES) * np.exp(-np.arange(_WIDENING_FRAMES) / 160)
    size = 4 * _WIDENING_FRAMES
    spectrum = rfft(noise, size)
    frequency = frequencies(size, SAMPLE_RATE)
    spectrum *= np.clip((frequency - _MONO_BELOW_HZ) / (_WIDE_FROM_HZ - _MONO_BELOW_HZ), 0, 1) / np.abs(spectrum)
    response = np.roll(irfft(spectrum, size), _WIDENING_FRAMES // 2)[:_WIDENING_FRAMES]
    response = response * np.hanning(_WIDENING_FRAMES)
    response -= response.mean() * np.hanning(_WIDENING_FRAMES) * 2
    return np.asarray(response / np.sqrt((response**2).sum()))
