"""A real Chromium with a tone for a microphone, and ears: what a page hears is measured in it."""

from __future__ import annotations

import asyncio
import math
import os
import struct
import tempfile
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from ivr import chromium

EARS = """
window.heard = [];
const Original = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Original {
  constructor(...given) {
    super(...given);
    this.addEventListener("track", (event) => window.heard.push(new MediaStream([event.track])));
  }
};
window.pitch = async () => {
  const context = new AudioContext();
  await context.resume();
  const ear = context.createAnalyser();
  ear.fftSize = 8192;
  context.createMediaStreamSource(window.heard[window.heard.length - 1]).connect(ear);
  await new Promise((done) => setTimeout(done, 400));
  const bins = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(bins);
  let loudest = 1;
  for (let place = 1; place < bins.length; place++) if (bins[place] > bins[loudest]) loudest = place;
  const told = bins[loudest] < -60 ? 0 : (loudest * context.sampleRate) / ear.fftSize;
  await context.close();
  return told;
};
"""


def tone(path: Path, hertz: float) -> Path:
    """A second of it, which Chromium plays over and over."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        samples = (int(9_000 * math.sin(2 * math.pi * hertz * n / 48_000)) for n in range(48_000))
        file.writeframes(b"".join(struct.pack("<h", each) for each in samples))
    return path


@asynccontextmanager
async def browser(folder: Path, hertz: float, language: str = "ru") -> AsyncIterator[Page]:
    """A page of a browser of its own, whose microphone hears a tone."""
    folder.mkdir()
    program = await asyncio.to_thread(chromium.find, mirror=None, progress=lambda _: None)
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tone(folder / 'tone.wav', hertz)}",
        "--autoplay-policy=no-user-gesture-required",
    ]
    with tempfile.TemporaryDirectory(prefix="b-") as home:  # short, as sockets want it
        async with async_playwright() as playwright:
            environment = {**os.environ, "TMPDIR": home, "HOME": home}
            started = await playwright.chromium.launch(executable_path=program, args=arguments, env=environment)
            try:
                context = await started.new_context(
                    locale=language, viewport={"width": 1366, "height": 768}, permissions=["microphone"]
                )
                page = await context.new_page()
                page.set_default_timeout(15_000)
                await page.add_init_script(EARS)
                yield page
            finally:
                await started.close()


async def hears(page: Page, hertz: float, within: float = 10.0) -> None:
    """Wait until the loudest that the page hears is this tone."""
    heard: Any = None
    try:
        async with asyncio.timeout(within):
            while heard is None or abs(heard - hertz) > 25:
                heard = await page.evaluate("window.heard.length ? window.pitch() : null")
    except TimeoutError:
        raise AssertionError(f"{hertz} Hz was not heard within {within} s, but {heard}") from None
