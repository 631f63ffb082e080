"""A small client of the running hotline's API, for the command line on the same machine."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ivr.desk import door
from ivr.desk.door import Door
from ivr.messages import LANGUAGES, Message

SECONDS = 15.0
"""How long an answer may take."""

_ANSWER_LIMIT = 16 << 20


class NotRunning(Exception):
    """No hotline answers; ``message`` says what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class Refused(Exception):
    """The hotline answered that it will not; ``message`` is its own words, or ours."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


@dataclass(frozen=True, slots=True)
class Client:
    """Talks to the hotline behind ``door``; it answers in ``language``. Every method raises NotRunning or Refused."""

    door: Door
    seconds: float = SECONDS
    language: str = LANGUAGES[0]

    @classmethod
    def find(cls, state: Path, language: str = LANGUAGES[0]) -> Client:
        """The hotline whose state folder this is. Raises NotRunning."""
        try:
            found = door.read(state)
        except PermissionError:
            raise NotRunning(Message("hotline-of-another-user", path=str(door.path(state)))) from None
        if found is None:
            raise NotRunning(Message("hotline-not-running", folder=str(state)))
        return cls(found, language=language)

    def get(self, path: str, **query: str) -> Any:
        """What is at ``path``."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, body: Any = None) -> Any:
        """Do or make something."""
        return self._ask("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        """Change something."""
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> None:
        """Remove something."""
        self._ask("DELETE", path, None)

    def status(self, path: str) -> tuple[int, Any]:
        """HTTP status and body of a page that answers 503 as well as 200: /readyz."""
        return self._exchange("GET", path, None)

    def _ask(self, method: str, path: str, body: Any) -> Any:
        status, answer = self._exchange(method, path, body)
        if status >= 400:
            raise _refused(status, answer, self.door)
        return answer

    def _exchange(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        url = urlsplit(self.door.url)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=self.seconds)
        headers = {"Authorization": f"Bearer {self.door.token}", "Accept-Language": self.language}
        payload = None
        if body is not None:
            payload, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        try:
            connection.request(method, path, payload, headers)
            response = connection.getresponse()
            raw = response.read(_ANSWER_LIMIT)
        except TimeoutError:
            raise Refused(504, "", Message("hotline-slow", url=self.door.url)) from None
        except (OSError, http.client.HTTPException):
            raise NotRunning(Message("hotline-killed")) from None
        finally:
            connection.close()
        return response.status, _decoded(raw)


def segment(text: str) -> str:
    """``text`` as one segment of a path."""
    return quote(text, safe="")


def _decoded(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def _refused(status: int, answer: Any, found: Door) -> Refused:
    if not isinstance(answer, dict) or "detail" not in answer:
        return Refused(status, "", Message("hotline-is-another-program", url=found.url, status=status))
    kind = str(answer.get("type", "")).rpartition("/")[2]
    if kind == "token-wrong":
        return Refused(status, kind, Message("hotline-is-another", url=found.url))
    errors = [f"{each['pointer'].lstrip('#?/')}: {each['detail']}".lstrip(": ") for each in answer.get("errors", [])]
    return Refused(status, kind, "\n".join(errors) or str(answer["detail"]))
