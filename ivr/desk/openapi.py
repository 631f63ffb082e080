"""OpenAPI 3.1 out of the endpoints' own declarations, so that it cannot say anything else than what is served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from ivr.desk.failures import language
from ivr.desk.problems import Problem, ProblemBody, kinds
from ivr.desk.roles import PUBLIC
from ivr.desk.routes import Endpoint, Routes

DOCUMENT = web.AppKey("openapi", dict[str, Any])

Mode = tuple[type[BaseModel], JsonSchemaMode]
Refs = Mapping[Any, Any]
"""A model in a mode -> its reference."""

_REF = "#/components/schemas/{model}"

routes = Routes()


@routes.get("/api/openapi.json", roles=PUBLIC)
async def openapi(request: web.Request) -> web.Response:
    """This description of the API."""
    return web.json_response(request.app[DOCUMENT])


@routes.get("/api/problems/{kind:[a-z-]{1,40}}", roles=PUBLIC)
async def problem(request: web.Request) -> web.Response:
    """What a problem's ``type`` means, in the language of Accept-Language."""
    name = request.match_info["kind"]
    if name not in kinds():
        raise Problem("path-unknown")
    kind, spoken = kinds()[name], language(request)
    described = {
        "type": request.path,
        "status": kind.status,
        "title": kind.title[spoken],
        "detail": kind.detail[spoken],
    }
    return web.json_response(described, headers={"Content-Language": spoken, "Vary": "Accept-Language"})


def document(endpoints: Sequence[Endpoint], version: str) -> dict[str, Any]:
    """The OpenAPI document of these endpoints."""
    refs, schemas = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.plain_path, {})[endpoint.method.lower()] = _operation(endpoint, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kommutator",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(endpoints: Sequence[Endpoint]) -> tuple[Refs, dict[str, Any]]:
    models: dict[Mode, None] = {(ProblemBody, "serialization"): None}
    for endpoint in endpoints:
        for model in (endpoint.query, endpoint.body):
            if model is not None:
                models[(model, "validation")] = None
        if endpoint.answer is not None:
            models[(endpoint.answer, "serialization")] = None
    refs, definitions = models_json_schema(list(models), ref_template=_REF)
    return refs, definitions.get("$defs", {})


def _operation(endpoint: Endpoint, refs: Refs) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary.partition("\n")[0],
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": {
            str(endpoint.status): _answer(endpoint, refs),
            "default": {
                "description": "What to mend",
                "content": {"application/problem+json": {"schema": refs[(ProblemBody, "serialization")]}},
            },
        },
    }
    if endpoint.roles != PUBLIC:
        operation["security"] = [{"token": []}]
        operation["x-roles"] = sorted(endpoint.roles)
    if endpoint.body is not None:
        schema = refs[(endpoint.body, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _answer(endpoint: Endpoint, refs: Refs) -> dict[str, Any]:
    if endpoint.answer is None:
        return {"description": "Done"}
    return {
        "description": "Done",
        "content": {"application/json": {"schema": refs[(endpoint.answer, "serialization")]}},
    }


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^(?:{pattern})$"}}
        for name, pattern in endpoint.parameters.items()
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    schema = endpoint.query.model_json_schema(ref_template=_REF)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ]
