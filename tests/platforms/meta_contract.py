"""What Meta's own SDK says of the Graph: the types of its nodes' fields, the paths and parameters of its calls.

The SDK's tables prove "nothing unknown, types right", not completeness. Where the Graph is known to answer or take
more than the SDK of v26.0 knows, it is allowed by hand below, and nowhere else.
"""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from tests.platforms.server import Request

VERSION = "v26.0"
TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d{4}|Z))?")
PAGING = {"cursors", "next", "previous"}
EVERYWHERE = {"fields", "limit", "after", "before", "summary", "access_token", "appsecret_proof"}
BREAKDOWNS = {"age": "string", "gender": "string", "country": "string", "region": "string"}
# Fields that stand in answers (and may be asked for) though the SDK's class does not have them.
FIELD_GAPS: dict[str, dict[str, str]] = {
    "AdsInsights": BREAKDOWNS,
    "Page": {"tasks": "list<string>"},
    "PagePost": {"attachments": "Object"},  # an edge of the post, unfolded by the fields
    "AdAccountDeliveryEstimate": {"users_lower_bound": "int", "users_upper_bound": "int"},
    "AdReportRun": {"report_run_id": "string"},
}
# Parameters of a call that the SDK's method does not have.
PARAMETER_GAPS: dict[tuple[str, str], set[str]] = {("PagePost", "get_insights"): {"breakdown"}}
# Values that the SDK's enums do not have: what the Graph tells of an Instagram account's people.
VALUE_GAPS: dict[tuple[str, str, str], set[str]] = {
    ("IGUser", "get_insights", "metric"): {"follower_demographics", "engaged_audience_demographics"},
    ("IGUser", "get_insights", "breakdown"): {"age", "gender", "country", "city"},
}
# Calls whose fields are those of what is read in the end, not of what is answered at once.
TARGETS = {("AdAccount", "get_insights_async"): "AdsInsights"}


class NotInContract(AssertionError):
    """A question or an answer that the SDK does not know; the text names each thing that is wrong."""


def check_answer(node: str, body: Mapping[str, Any]) -> None:
    """Refuse an answer about nodes of an SDK class ("PagePost"): one node, or `data` with one or many, and paging."""
    if "data" not in body:
        return _refuse(f"answer {node}", list(_of_node(node, body, node)))
    data = body["data"]
    problems = list(_of_paging(body.get("paging", {})))
    problems += [f"{name} beside data" for name in sorted(set(body) - {"data", "paging", "summary"})]
    for place, item in enumerate(data if isinstance(data, list) else [data]):
        problems += _of_node(node, item, f"{node}[{place}]")
    return _refuse(f"answer {node}", problems)


def check_error(body: Mapping[str, Any]) -> None:
    """Refuse an error that does not stand in Meta's envelope."""
    types = {"message": str, "type": str, "code": int, "error_subcode": int, "is_transient": bool, "fbtrace_id": str}
    types |= {"error_user_title": str, "error_user_msg": str, "error_data": dict}
    error = body.get("error", {})
    problems = [f"{name} in an error" for name in error if name not in types]
    problems += [f"no {name} in an error" for name in ("message", "type", "code", "fbtrace_id") if name not in error]
    problems += [
        f"{name} is {value!r}" for name, value in error.items() if not isinstance(value, types.get(name, object))
    ]
    _refuse("error", problems + [name for name in body if name != "error"])


def check_request(request: Request, node: str, call: str) -> None:
    """Refuse a request that the SDK's method (`"Page", "get_published_posts"`) would not make.

    Compared are method, path, the names of the parameters, their types and enums, and the fields asked for.
    """
    path = request.path.partition(f"/{VERSION}/")[2].rstrip("/")  # the SDK ends the path of a node with one
    known = _sdk_request(node, call, path.split("/")[0])
    problems = []
    if (request.method, path) != (known._method, "/".join(part for part in known._path if part)):
        problems.append(f"{request.method} {path} is not {known._method} {'/'.join(known._path)}")
    given = request.query if request.method == "GET" else {**request.query, **request.form}
    types, enums = known._param_checker._type_check_info, known._param_checker._enum_data
    free = EVERYWHERE | PARAMETER_GAPS.get((node, call), set())
    for name, values in given.items():
        if name in types:
            value = _read(types[name], values[0])
            more = VALUE_GAPS.get((node, call, name), set())
            problems += _of_type(types[name], value, name, {key: {*some, *more} for key, some in enums.items()})
        elif name not in free:
            problems.append(f"parameter {name}")
    target = known._target_class.__name__ if known._target_class else node
    accepted = {*known._accepted_fields, *FIELD_GAPS.get(target, {})}
    if (node, call) in TARGETS:
        target = TARGETS[node, call]
        accepted = {*_class_of(target)._field_types, *FIELD_GAPS.get(target, {})}
    asked = field_names(given.get("fields", [""])[0])
    problems += [f"field {name} of {target}" for name in asked if name not in accepted]
    _refuse(f"{node}.{call}", problems)


def field_names(fields: str) -> list[str]:
    """Return the outermost names of a list of fields, some of which may be unfolded: `a,b{c,d}` gives a and b.

    The SDK posts the list as JSON.
    """
    flat = ",".join(json.loads(fields)) if fields.startswith("[") else fields
    while "{" in flat:
        flat, before = re.sub(r"\{[^{}]*\}", "", flat), flat
        if flat == before:
            raise NotInContract(f"braces in fields: {fields}")
    return [name for name in flat.split(",") if name]


def _refuse(what: str, problems: list[str]) -> None:
    if problems:
        raise NotInContract(f"{what}: {'; '.join(problems)}")


def _sdk_request(node: str, call: str, node_id: str) -> Any:
    api = FacebookAdsApi(FacebookSession(access_token="none"), api_version=VERSION)
    return getattr(_class_of(node)(node_id, api=api), call)(pending=True)


def _class_of(node: str) -> Any:
    return getattr(importlib.import_module(f"facebook_business.adobjects.{node.lower()}"), node)


def _of_node(node: str, item: Any, where: str) -> Iterator[str]:
    if not isinstance(item, Mapping):
        yield f"{where} is {item!r}"
        return
    known = _class_of(node)
    types = {**known._field_types, **FIELD_GAPS.get(node, {})}
    for name, value in item.items():
        if name not in types:
            yield f"{where}.{name} is unknown"
        else:
            yield from _of_type(types[name], value, f"{where}.{name}", _enums_of(known))


def _enums_of(known: Any) -> dict[str, set[Any]]:
    return {name: set(values) for name, values in known._get_field_enum_info().items()}


def _of_type(kind: str, value: Any, where: str, enums: Mapping[str, set[Any]]) -> Iterator[str]:
    """Say what is wrong with a value of an SDK's type: `list<T>`, `map<K,V>`, a node, an enum, a simple one."""
    outer, _, inner = kind.partition("<")
    if outer == "list":
        if not isinstance(value, list):
            yield f"{where} is no list: {value!r}"
        elif inner:
            for place, part in enumerate(value):
                yield from _of_type(inner[:-1], part, f"{where}[{place}]", enums)
    elif outer == "map":
        if not isinstance(value, Mapping):
            yield f"{where} is no map: {value!r}"
        elif inner:
            for key, part in value.items():
                yield from _of_type(inner[:-1].partition(",")[2].strip() or inner[:-1], part, f"{where}.{key}", enums)
    elif kind in enums:
        if value not in enums[kind]:
            yield f"{where} is {value!r}, none of the enum {kind}"
    elif kind in SIMPLE:
        if not SIMPLE[kind](value):
            yield f"{where} is {value!r}, not of type {kind}"
    else:
        yield from _of_node(kind, value, where)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


SIMPLE = {
    "string": lambda value: isinstance(value, str),
    "int": _whole,
    "unsigned int": lambda value: _whole(value) and value >= 0,
    "float": lambda value: _whole(value) or isinstance(value, float),
    "bool": lambda value: isinstance(value, bool),
    "datetime": lambda value: isinstance(value, str) and bool(TIME.fullmatch(value)),
    "Object": lambda value: value is not None,
}


def _of_paging(paging: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"paging.{name}" for name in sorted(set(paging) - PAGING))
    if "cursors" in paging and not set(paging["cursors"]) <= {"before", "after"}:
        yield f"paging.cursors {paging['cursors']!r}"


def _read(kind: str, text: str) -> Any:
    """Return what the text of a parameter says, as the Graph reads it: JSON, or a list parted by commas."""
    if kind.startswith("list") and not text.startswith("["):
        return text.split(",")
    if kind in ("string", "datetime") or kind.endswith("_enum"):
        return text if kind != "datetime" or not text.isdigit() else "1970-01-01"
    try:
        return json.loads(text)
    except ValueError:
        return text
