"""The walls, held by reading the imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("apg_site", "personas", "enrichment", "sources")
PURE = (
    "personas/pipeline",
    "personas/errors.py",
    "enrichment/measures",
    "sources/connectors",
    "sources/errors.py",
    "sources/packing.py",
    "sources/margins.py",
    "sources/raking.py",
    "sources/merging.py",
    "sources/telling.py",
)
ADMITTED_IN_PURE = {"personas.errors", "personas.pipeline", "enrichment.measures", "sources.connectors"} | {
    f"sources.{name}" for name in ("errors", "packing", "margins", "raking", "merging", "telling")
}
IMPURE = {"django", "rest_framework", "django_q"}
NETWORK = {"requests", "google"}  # only the connectors speak to anybody
# The demo's generator writes files and knows nothing of the rest.
FOLDERS = [ROOT / app for app in APPS]
LONGEST = 300


def modules(*places: Path) -> list[Path]:
    found = [path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
    return [path for path in found if "migrations" not in path.parts]


def imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("app", APPS)
def test_each_app_imports_only_what_stands_to_its_right(app):
    left = APPS[: APPS.index(app)]
    wrong = [
        (name_of(path), name) for path in modules(ROOT / app) for name in imports(path) if name.split(".")[0] in left
    ]
    assert wrong == []


@pytest.mark.parametrize("place", PURE)
def test_pure_code_knows_no_django_and_no_impure_room(place):
    for path in modules(ROOT / place):
        for name in imports(path):
            assert name.split(".")[0] not in IMPURE, f"{name_of(path)} imports {name}"
            assert place == "sources/connectors" or name.split(".")[0] not in NETWORK, f"{name_of(path)} imports {name}"
            if name.split(".")[0] in APPS:
                assert any(name.startswith(room) for room in ADMITTED_IN_PURE), f"{name_of(path)} imports {name}"


def test_the_apps_make_no_circle():
    edges = {
        name_of(path)[:-3].replace("/", ".").removesuffix(".__init__"): {
            name for name in imports(path) if name.split(".")[0] in APPS
        }
        for path in modules(*FOLDERS)
    }
    known = set(edges)
    graph = {module: {_module(name, known) for name in names} - {None, module} for module, names in edges.items()}
    assert _circle(graph) is None


def _module(name: str, known: set[str]) -> str | None:
    if name in known:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in known else None


def _circle(graph: dict[str, set[str]]) -> str | None:
    done, path = set(), []

    def visit(module: str) -> str | None:
        if module in path:
            return " -> ".join([*path[path.index(module) :], module])
        if module in done:
            return None
        path.append(module)
        found = next((circle for after in sorted(graph[module]) if (circle := visit(after))), None)
        path.pop()
        done.add(module)
        return found

    return next((circle for module in sorted(graph) if (circle := visit(module))), None)


def test_no_signals_anywhere():
    wrong = [name_of(path) for path in modules(*FOLDERS) if any("signals" in name for name in imports(path))]
    assert wrong == []


def test_no_module_is_called_utils():
    names = {"utils", "common", "core", "helpers"}
    assert [name_of(path) for path in modules(*FOLDERS) if path.stem in names] == []


def test_no_import_hides_inside_a_function():
    wrong = []
    for path in modules(*FOLDERS):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                wrong += [f"{name_of(path)}:{node.lineno}" for node in inner]
    assert wrong == []


def test_files_stay_short():
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules(*FOLDERS)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}
