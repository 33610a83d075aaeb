"""The API's document and its page; and the answer where nothing else answers."""

import json
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.api.endpoints import ANY_ERROR
from accounts.api.problems import references, responses
from accounts.api.refusals import NotFound
from posts.platforms import platforms
from scheduler.api.root import api


@login_not_required
@csrf_exempt  # so that other methods hear that there are none
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document())


@login_not_required
@csrf_exempt
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page on which everything can be tried."""
    return render(request, "api/docs.html", {"title": api.title})


@login_not_required
@csrf_exempt
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address below the API's that is none."""
    return NotFound(
        "There is no such address. They are listed at /docs; mind the slash at the end."
    ).answer()


@cache
def document() -> dict[str, Any]:
    """As OpenAPI 3.1. It changes only with the program."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    schemas = found["components"]["schemas"]
    choices = [platform.flat.schema for platform in platforms()]
    schemas |= {each.__name__: each.model_json_schema() for each in choices}
    # Posts know platforms by what all have in common; here it is known which there are.
    offered = [{"$ref": f"#/components/schemas/{each.__name__}"} for each in choices]
    for name in ("PublicationIn", "PublicationOut"):
        schemas[name]["properties"]["options"] = {"anyOf": offered}
    found["components"]["responses"] = responses()
    for methods in found["paths"].values():
        for operation in methods.values():
            _mend(operation)
    return found | {"components": found["components"] | {"schemas": _named(found, schemas)}}


def _named(found: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Without what only held the fields of a query or a form: nothing refers to it."""
    text = json.dumps(found)
    return {name: each for name, each in schemas.items() if f'schemas/{name}"' in text}


def _mend(operation: dict[str, Any]) -> None:
    """What ninja says of everything, and is not so here."""
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        if {"type": "null"} in schema.get("anyOf", ()):  # what is left out of a query is not null
            parameter["schema"] = schema["anyOf"][0]
    operation["responses"] |= json.loads(json.dumps(references([ANY_ERROR])))
    if "requestBody" in operation:
        for content in operation["requestBody"]["content"].values():
            content["schema"].pop("default", None)  # programs that write clients trip over it
