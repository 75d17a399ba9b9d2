"""The OpenAPI document says which refusals every operation knows."""

import re

WORDS = {
    "400": "Something in the request cannot be used; the words say what.",
    "401": "No key, an unknown key, or one that has expired.",
    "403": "The key lacks the scope that this needs.",
    "404": "There is no such thing in the key's organization, or no such page.",
    "415": "The body comes in a format that is not read here.",
    "429": "Too many calls with this key; `Retry-After` says how many seconds to wait.",
}
COMPONENTS = {
    "Error": {
        "type": "object",
        "properties": {"detail": {"type": "string", "description": "What went wrong, in words."}},
        "required": ["detail"],
    },
    "Invalid": {
        "type": "object",
        "description": "`detail`, or the words for each field.",
        "additionalProperties": True,
    },
}


def document_refusals(result: dict, generator, request, public: bool) -> dict:
    """Add the refusals and a heading to every operation of the document (a hook of drf-spectacular)."""
    result["components"]["schemas"] |= COMPONENTS
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["summary"] = re.split(r"[.:;] |\.$", operation["description"])[0]
            for code in _refusals(operation):
                operation["responses"].setdefault(code, _response(code))
    return result


def _refusals(operation: dict) -> list[str]:
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    codes = ["401", "403", "429"]
    if "query" in places or "requestBody" in operation:
        codes.append("400")
    if "path" in places or any(parameter["name"] == "page" for parameter in operation.get("parameters", ())):
        codes.append("404")
    if "requestBody" in operation:
        codes.append("415")
    return sorted(codes)


def _response(code: str) -> dict:
    name = "Invalid" if code == "400" else "Error"
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": WORDS[code], "content": {"application/json": {"schema": schema}}}
