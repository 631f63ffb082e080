"""What an endpoint declares: its path, the roles that may use it, and the models of what comes in and goes out.

A handler's own annotations are the declaration: ``query: Model`` and ``body: Model`` are parsed and checked
before it runs, and the model it returns is what is sent. OpenAPI is made of the same.
"""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar, get_type_hints

from aiohttp import web
from pydantic import BaseModel, ValidationError

from ivr.desk.access import Access
from ivr.desk.idempotency import HEADER, once
from ivr.desk.problems import FieldError, Problem, wrong_values
from ivr.desk.roles import Principal, Roles

Handler = Callable[..., Awaitable[BaseModel | web.StreamResponse | None]]
H = TypeVar("H", bound=Handler)

ACCESS = web.AppKey("access", Access)
PRINCIPAL = web.RequestKey("principal", Principal)
"""Who asks; absent on a public route."""

HEADERS = web.RequestKey("headers", dict[str, str])
"""What a handler wants in the answer's head besides: an ETag, say."""

BODY_SECONDS = 10.0
"""How long a request's body may take to arrive."""

NO_BODY = 204

_PARAMETER = re.compile(r"{(\w+):((?:[^{}]|{[^{}]*})+)}")  # aiohttp's {name:pattern}; one level of braces within


class Endpoint:
    """One method of one path."""

    def __init__(self, method: str, path: str, roles: Roles, handler: Handler, status: int) -> None:
        hints = get_type_hints(handler)
        self.method, self.path, self.roles, self.handler, self.status = method, path, roles, handler, status
        self.query: type[BaseModel] | None = hints.get("query")
        self.body: type[BaseModel] | None = hints.get("body")
        answer = hints["return"]
        self.answer: type[BaseModel] | None = (
            answer if inspect.isclass(answer) and issubclass(answer, BaseModel) else None
        )
        self.summary = inspect.getdoc(handler) or ""

    @property
    def parameters(self) -> dict[str, str]:
        """Names in the path, and the pattern of each."""
        return dict(_PARAMETER.findall(self.path))

    @property
    def plain_path(self) -> str:
        """The path without the patterns of its names."""
        return _PARAMETER.sub(r"{\1}", self.path)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Admit, parse, do, answer. Raises Problem."""
        principal = await request.app[ACCESS].admit(request, self.roles)
        if principal is not None:
            request[PRINCIPAL] = principal
        arguments: dict[str, BaseModel] = {}
        if self.query is not None:
            arguments["query"] = _query(request, self.query)
        if self.body is not None:
            arguments["body"] = await _body(request, self.body)
        if principal is not None and self.method == "POST" and HEADER in request.headers:
            return self._response(request, await once(request, principal, lambda: self.handler(request, **arguments)))
        return self._response(request, await self.handler(request, **arguments))

    def _response(
        self, request: web.Request, answer: BaseModel | web.StreamResponse | str | None
    ) -> web.StreamResponse:
        if isinstance(answer, web.StreamResponse):
            return answer
        if answer is None:
            return web.Response(status=NO_BODY)
        text = answer if isinstance(answer, str) else answer.model_dump_json()
        return web.json_response(text=text, status=self.status, headers=request.get(HEADERS))


class Routes:
    """The endpoints of one resource; its decorators declare them."""

    def __init__(self) -> None:
        self.endpoints: list[Endpoint] = []

    def get(self, path: str, *, roles: Roles) -> Callable[[H], H]:
        """A GET (and HEAD) endpoint."""
        return self._add("GET", path, roles, 200)

    def post(self, path: str, *, roles: Roles, status: int = 200) -> Callable[[H], H]:
        """A POST endpoint; 201 for one that makes something."""
        return self._add("POST", path, roles, status)

    def patch(self, path: str, *, roles: Roles) -> Callable[[H], H]:
        """A PATCH endpoint."""
        return self._add("PATCH", path, roles, 200)

    def delete(self, path: str, *, roles: Roles) -> Callable[[H], H]:
        """A DELETE endpoint."""
        return self._add("DELETE", path, roles, NO_BODY)

    def _add(self, method: str, path: str, roles: Roles, status: int) -> Callable[[H], H]:
        def declare(handler: H) -> H:
            self.endpoints.append(Endpoint(method, path, roles, handler, status))
            return handler

        return declare

    def join(self, app: web.Application) -> None:
        """Put the endpoints into the application."""
        for endpoint in self.endpoints:
            if endpoint.method == "GET":
                app.router.add_get(endpoint.path, endpoint.serve)
            else:
                app.router.add_route(endpoint.method, endpoint.path, endpoint.serve)


def _query(request: web.Request, model: type[BaseModel]) -> BaseModel:
    query = request.query
    repeated = [name for name in set(query) if len(query.getall(name)) > 1]
    if repeated:
        raise Problem("values-wrong", errors=[FieldError(f"?{name[:64]}", "repeated", {}) for name in sorted(repeated)])
    try:
        return model.model_validate(dict(query))
    except ValidationError as error:
        raise wrong_values(error.errors(include_url=False, include_input=False), "query") from None


async def _body(request: web.Request, model: type[BaseModel]) -> BaseModel:
    if request.content_type != "application/json":
        raise Problem("body-not-json", headers={"Accept": "application/json"})
    try:
        async with asyncio.timeout(BODY_SECONDS):
            raw = await request.read()
    except TimeoutError:
        raise Problem("body-slow", seconds=round(BODY_SECONDS), headers={"Connection": "close"}) from None
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise wrong_values(error.errors(include_url=False, include_input=False), "body") from None
