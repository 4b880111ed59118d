"""The skipper's handover note, spoken by Debian's `flite` over the hum of an engine room."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

RATE = 16_000
BITS_PER_SECOND = 28_000
HUM_DB = -46
"""Level of the background, relative to full scale."""

SPOKEN = """\
Handover note for the Sandpiper. Martin Hale speaking, on the eleventh of December.
First, the engine. For the first fifty running hours, please do not take her above fifteen hundred
revs. The new bearing still has to bed in.
Second, the bilge pumps. Pump number one is fine. Pump number two cuts out after about forty
minutes, and needs ten minutes to cool down. The spare breaker is in the blue locker.
Third, the forward ramp. It sticks on cold mornings, so please open it five minutes early.
I will be back on Monday. Have a good watch.
"""


def write(path: Path) -> None:
    voice = _spoken()
    sound = (voice + _hum(len(voice))).clip(-1, 1)
    samples = (sound * 32767).astype(np.int16)[None, :]
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as file:
        stream = file.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = BITS_PER_SECOND
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = 0
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000, frame_size=960)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))


def _spoken() -> npt.NDArray[np.float32]:
    flite = shutil.which("flite")
    if flite is None:
        sys.exit("the recording needs flite; on Debian run: apt-get install flite")
    with tempfile.TemporaryDirectory() as folder:
        words, wave = Path(folder) / "words.txt", Path(folder) / "voice.wav"
        words.write_text(SPOKEN.replace("\n", " "), encoding="utf-8")
        subprocess.run([flite, "-voice", "slt", "-f", words, "-o", wave], check=True)
        with av.open(str(wave)) as file:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            parts = [p for frame in file.decode(audio=0) for p in resampler.resample(frame)]
            return np.concatenate([part.to_ndarray()[0] for part in parts]).astype(np.float32)


def _hum(length: int) -> npt.NDArray[np.float32]:
    random = np.random.default_rng(11)
    seconds = np.arange(length) / RATE
    tones = sum(np.sin(2 * np.pi * hertz * seconds) / n for n, hertz in enumerate((48, 96, 151), 1))
    noise = np.convolve(random.normal(0, 1, length), np.ones(8) / 8, mode="same")
    return ((tones + 2 * noise) * 10 ** (HUM_DB / 20)).astype(np.float32)
