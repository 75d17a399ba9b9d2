"""What Google's own discovery documents say of a question and of an answer: stricter than the client that ships them.

The documents stand in googleapiclient. They name every path, parameter and field with its type, but require nothing of
a body: what the text says must be there stands in `ALWAYS` and `ASKED`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Protocol

from googleapiclient.discovery_cache import get_static_doc
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

# Our name of the address -> name and version of the document.
DOCUMENTS = {
    "youtube": ("youtube", "v3"),
    "youtube_analytics": ("youtubeAnalytics", "v2"),
    "youtube_reporting": ("youtubereporting", "v1"),
    "analytics_data": ("analyticsdata", "v1beta"),
    "analytics_admin": ("analyticsadmin", "v1beta"),
}
# Fields that no answer lacks, by schema.
ALWAYS = {
    "QueryResponse": ["kind", "columnHeaders"],
    "ResultTableColumnHeader": ["name", "columnType", "dataType"],
    "Channel": ["id"],
    "Video": ["id"],
    "CommentThread": ["id"],
    "Comment": ["id"],
    "Job": ["id", "reportTypeId", "name", "createTime"],
    "Report": ["id", "jobId", "startTime", "endTime", "createTime", "downloadUrl"],
    "MetricHeader": ["name", "type"],
    "DimensionHeader": ["name"],
    "GoogleAnalyticsAdminV1betaAccountSummary": ["name", "account"],
    "GoogleAnalyticsAdminV1betaPropertySummary": ["property"],
}
# Parameters that the text of a method requires, with the form that it gives them.
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
ASKED = {
    "youtubeAnalytics.reports.query": {
        "ids": r"[a-zA-Z]+==[a-zA-Z0-9_+-]+",
        "startDate": DAY,
        "endDate": DAY,
        "metrics": r"[0-9a-zA-Z,]+",
    }
}
# And lower bounds that only stand in it.
AT_LEAST = {("youtubeAnalytics.reports.query", "maxResults"): 1, ("youtubeAnalytics.reports.query", "startIndex"): 1}
WHOLE = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1)}
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
TEXT = {
    "int64": r"^-?[0-9]+$",
    "uint64": r"^[0-9]+$",
    "google-datetime": MOMENT,
    "date-time": MOMENT,
    "google-duration": r"^-?[0-9]+(\.[0-9]+)?s$",
    "byte": r"^[A-Za-z0-9+/_-]*={0,2}$",
}
CELLS = {"STRING": (str,), "INTEGER": (int,), "FLOAT": (int, float)}
ERROR = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "integer"},
                "message": {"type": "string"},
                "status": {"type": "string", "pattern": "^[A-Z_]+$"},
                "errors": {"type": "array", "items": {"type": "object", "required": ["domain", "reason", "message"]}},
                "details": {"type": "array", "items": {"type": "object", "required": ["@type"]}},
            },
        }
    },
}


class ContractBroken(AssertionError):
    """A question or an answer is not one that the platform knows; the text says which part."""


class Asked(Protocol):
    """What is known of a request: the server's own Request fits, and so does anything with these four."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def query(self) -> Mapping[str, list[str]]: ...
    @property
    def body(self) -> bytes: ...


def check_answer(api: str, method_id: str, body: Any) -> None:
    """Raise ContractBroken when the platform's method would not answer with this body.

    api is the name of the address ("youtube_analytics"), method_id the document's ("youtubeAnalytics.reports.query").
    """
    schema = _method(api, method_id)["response"]["$ref"]
    _valid(_validator(api, schema, True), body, f"The answer to {method_id}")
    for table in [body, *body.get("reports", [])]:
        _check_table(method_id, table)


def check_error(body: Any, status: int) -> None:
    """Raise ContractBroken when no Google API would fail with this body and HTTP status."""
    _valid(Draft7Validator(ERROR), body, "The error")
    if body["error"]["code"] != status:
        raise ContractBroken(f"The error says {body['error']['code']}, its answer {status}.")


def check_request(api: str, request: Asked) -> str:
    """Return the id of the method that is asked for; raises ContractBroken when the platform has none such.

    The path may stand under the fake's prefix ("/youtube/youtube/v3/videos") or be the platform's own.
    """
    method = _method_for(api, request.method, request.path)
    parameters = _document(api)["parameters"] | method.get("parameters", {})
    for name, values in request.query.items():
        if name not in parameters or parameters[name]["location"] != "query":
            raise ContractBroken(f"{method['id']} has no parameter {name}.")
        for problem in _problems(method["id"], name, parameters[name], values):
            raise ContractBroken(f"{method['id']}: {name} {problem}.")
    required = {n for n, p in method.get("parameters", {}).items() if p.get("required") and p["location"] == "query"}
    missing = sorted((required | set(ASKED.get(method["id"], ()))) - set(request.query))
    if missing:
        raise ContractBroken(f"{method['id']} is not asked without {', '.join(missing)}.")
    _check_body(api, method, request.body)
    return str(method["id"])


def _problems(method_id: str, name: str, parameter: dict[str, Any], values: list[str]) -> Iterator[str]:
    if len(values) > 1 and not parameter.get("repeated"):
        yield f"is given {len(values)} times"
    form = ASKED.get(method_id, {}).get(name) or parameter.get("pattern")
    for value in values:
        if form and not re.fullmatch(form, value):
            yield f"is {value!r}, not of the form {form}"
        if parameter["type"] == "boolean" and value not in ("true", "false"):
            yield f"is {value!r}, not true or false"
        if parameter["type"] == "integer":
            least, most = WHOLE[parameter.get("format", "int32")]
            least = int(parameter.get("minimum", AT_LEAST.get((method_id, name), least)))
            most = int(parameter.get("maximum", most))
            if not re.fullmatch("-?[0-9]+", value) or not least <= int(value) <= most:
                yield f"is {value!r}, not a whole number from {least} to {most}"
        parts = value.split(",") if parameter.get("repeated") else [value]
        if "enum" in parameter and not set(parts) <= set(parameter["enum"]):
            yield f"is {value!r}, not one of {', '.join(parameter['enum'])}"


def _check_body(api: str, method: dict[str, Any], body: bytes) -> None:
    if "request" not in method:
        if body:
            raise ContractBroken(f"{method['id']} takes no body.")
        return
    _valid(_validator(api, method["request"]["$ref"], False), json.loads(body or b"{}"), f"The body of {method['id']}")


def _check_table(method_id: str, body: dict[str, Any]) -> None:
    """Hold the rows of a report to its headers, which no schema can say."""
    if "columnHeaders" in body:
        kinds = [CELLS[header["dataType"]] for header in body["columnHeaders"]]
        for row in body.get("rows", []):
            if len(row) != len(kinds) or not all(type(v) in kind for v, kind in zip(row, kinds, strict=True)):
                raise ContractBroken(f"The answer to {method_id} has a row that does not fit its headers: {row}")
    if "dimensionHeaders" in body or "metricHeaders" in body:
        widths = [len(body.get("dimensionHeaders", [])), len(body.get("metricHeaders", []))]
        for row in body.get("rows", []):
            if [len(row.get("dimensionValues", [])), len(row.get("metricValues", []))] != widths:
                raise ContractBroken(f"The answer to {method_id} has a row that does not fit its headers: {row}")


def _valid(validator: Draft7Validator, body: Any, what: str) -> None:
    error = best_match(validator.iter_errors(body))
    if error is not None:
        raise ContractBroken(f"{what} breaks the contract at {error.json_path}: {error.message[:300]}")


@cache
def _document(api: str) -> dict[str, Any]:
    return json.loads(get_static_doc(*DOCUMENTS[api]))


@cache
def _methods(api: str) -> dict[str, dict[str, Any]]:
    def within(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield from resource.get("methods", {}).values()
        for inner in resource.get("resources", {}).values():
            yield from within(inner)

    return {method["id"]: method for method in within(_document(api))}


def _method(api: str, method_id: str) -> dict[str, Any]:
    if method_id not in _methods(api):
        raise ContractBroken(f"{api} has no method {method_id}.")
    return _methods(api)[method_id]


def _method_for(api: str, verb: str, path: str) -> dict[str, Any]:
    own = path.removeprefix(f"/{api}/").lstrip("/")
    for candidate in (own, path.lstrip("/")):
        for method in _methods(api).values():
            if method["httpMethod"] == verb and re.fullmatch(_template(method), candidate):
                return method
    raise ContractBroken(f"{api} has no method for {verb} {path}.")


def _template(method: dict[str, Any]) -> str:
    """Return the pattern of the method's path: {name} is one part of it, {+name} what the parameter's pattern says."""

    def part(found: re.Match[str]) -> str:
        if found[1] == "+":
            return str(method["parameters"][found[2]].get("pattern", ".+")).strip("^$").replace("[^/]+", "[^/:]+")
        return "[^/:]+"

    pieces = re.split(r"(\{\+?\w+\})", method["path"])
    return "".join(re.sub(r"\{(\+?)(\w+)\}", part, p) if p.startswith("{") else re.escape(p) for p in pieces)


@cache
def _validator(api: str, schema: str, answers: bool) -> Draft7Validator:
    definitions = {}
    for name, found in _document(api)["schemas"].items():
        definitions[name] = _converted(found)
        if answers and name in ALWAYS:
            definitions[name]["required"] = ALWAYS[name]
    return Draft7Validator({"$ref": f"#/definitions/{schema}", "definitions": definitions})


def _converted(found: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON schema of a discovery schema; what it does not name is not allowed."""
    if "$ref" in found:
        return {"$ref": f"#/definitions/{found['$ref']}"}
    kind = found.get("type", "any")
    if kind == "any":
        return {}
    made: dict[str, Any] = {"type": kind}
    if "enum" in found:
        made["enum"] = found["enum"]
    if kind == "string" and found.get("format") in TEXT:
        made["pattern"] = TEXT[found["format"]]
    if kind == "integer" and found.get("format") in WHOLE:
        made["minimum"], made["maximum"] = WHOLE[found["format"]]
    if "items" in found and (items := _converted(found["items"])):  # {} allows anything, at length
        made["items"] = items
    if "properties" in found:
        made["properties"] = {name: _converted(value) for name, value in found["properties"].items()}
        made["additionalProperties"] = False
    if "additionalProperties" in found:
        made["additionalProperties"] = _converted(found["additionalProperties"])
    return made
