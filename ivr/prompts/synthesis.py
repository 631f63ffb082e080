"""One language spoken by one voice: texts in batches, spread over the machine's cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from ivr.messages import Message
from ivr.prompts import level
from ivr.prompts.rendered import Sound
from ivr.prompts.spoken import in_words
from ivr.prompts.store import Store, named
from ivr.prompts.voices import Programs, SynthesisError, Voice
from ivr.speech import Language

Progress = Callable[[str], None]
"""Takes a line for the person who waits."""
BATCH = 700
"""Letters in one run of a synthesiser: enough to make its start cheap, few enough to share the work."""


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The sounds of texts in ``language`` by ``voice``, in ``store``."""

    voice: Voice
    language: Language
    store: Store
    progress: Progress

    def stem(self, text: str) -> str:
        """The name of the text's sound."""
        speaker = self.voice.speakers[self.language]
        return named(f"{self.voice.name}/{speaker.name}/{speaker.rate}", text.encode())

    def missing(self, texts: Iterable[str]) -> list[str]:
        """Texts that have no sound yet."""
        return [text for text in texts if not self.store.has(self.stem(text))]

    def sounds(self, texts: Iterable[str]) -> dict[str, Sound]:
        """The sound of each text."""
        return {text: self.store.sound(self.stem(text)) for text in texts}

    def make(self, texts: list[str], programs: Programs) -> None:
        """Speak ``texts``. Raises SynthesisError at the first that cannot be spoken; what was made stays."""
        speaker = f"{self.voice.name}/{self.voice.speakers[self.language].name}"
        done = 0
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            runs = [pool.submit(self._speak, batch, programs) for batch in _batches(texts)]
            try:
                for run in as_completed(runs):
                    done += run.result()
                    self.progress(
                        Message("sounds-made", language=self.language, done=done, all=len(texts), speaker=str(speaker))
                    )
            except SynthesisError:
                pool.shutdown(cancel_futures=True)
                raise

    def _speak(self, texts: list[str], programs: Programs) -> int:
        spoken = self.voice.speak([in_words(text, self.language) for text in texts], self.language, programs)
        for text, sound in zip(texts, level.fit(spoken), strict=True):
            self.store.put(self.stem(text), sound)
        return len(texts)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if sum(map(len, batch)) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
