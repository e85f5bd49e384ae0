"""Extension = one new file and one visible line: no file of a registry's folder is forgotten, and no line leads nowhere."""

import ast
import json
import string
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import grimp
import pytest

from archive.records.text import Language
from pipeline.rule import Rule
from tests.architecture.commands import CHECKOUT, tracked


@dataclass(frozen=True)
class Registry:
    """A package in which one module, ``__init__`` or another, lists the others.

    Attributes:
        package: import name.
        tuple_name: what holds the list.
        mark: the top-level name by which a module shows that it belongs on the list.
        listing: the module that holds the list.
    """

    package: str
    tuple_name: str
    mark: str
    listing: str = "__init__"

    @property
    def module(self) -> str:
        """Import name of the module with the list."""
        return f"{self.package}.{self.listing}".removesuffix(".__init__")

    @property
    def folder(self) -> Path:
        """Where its modules lie."""
        return CHECKOUT.joinpath(*self.package.split("."))


REGISTRIES = (
    Registry("pipeline.identify", "FORMATS", "FORMAT"),
    Registry("pipeline.describe", "SOURCES", "read"),
    Registry("pipeline.check", "CHECKS", "CODE"),
    Registry("pipeline.derive", "DERIVERS", "make"),
    Registry("pipeline.publish", "EXPORTERS", "make", "exporters"),
    Registry("viewer.pages", "PAGES", "PAGE"),
)
each_registry = pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.tuple_name)


def top_level_names(path: Path) -> set[str]:
    """What a module defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def marked(registry: Registry) -> set[str]:
    """The modules, and packages inside, that carry the mark."""
    files = {path.stem: path for path in registry.folder.glob("*.py") if path.stem != "__init__"}
    files |= {path.parent.name: path for path in registry.folder.glob("*/__init__.py")}
    return {name for name, path in files.items() if registry.mark in top_level_names(path)}


def mentioned(registry: Registry) -> set[str]:
    """The modules that the listing imports, or names as the task of a worker ("package.module:function")."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((registry.folder / f"{registry.listing}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == registry.package:
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{registry.package}."):
            names.add((node.module or "").removeprefix(f"{registry.package}.").partition(".")[0])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(f"{registry.package}."):
            names.add(node.value.removeprefix(f"{registry.package}.").partition(":")[0].partition(".")[0])
    return names


@cache
def import_graph() -> grimp.ImportGraph:
    """Which module imports which."""
    return grimp.build_graph("archive", "pipeline", "viewer")


def is_inside(module: str, package: str) -> bool:
    """Whether it is the module or lies inside it."""
    return module == package or module.startswith(f"{package}.")


def imports_of(module: str) -> list[tuple[str, str]]:
    """What a module, or a package with all inside it, imports directly: importer and imported."""
    graph = import_graph()
    importers = sorted(name for name in graph.modules if is_inside(name, module))
    return [(name, other) for name in importers for other in sorted(graph.find_modules_directly_imported_by(name))]


def tasks() -> list[str]:
    """Every task of a worker that the pipeline names as text."""
    found: set[str] = set()
    for path in tracked("pipeline/*.py", "pipeline/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if text.startswith("pipeline.") and text.count(":") == 1 and " " not in text:
                found.add(text)
    return sorted(found)


def rules() -> dict[str, Rule]:
    """Every rule of the pipeline, by module and name."""
    found: dict[str, Rule] = {}
    for path in tracked("pipeline/*.py", "pipeline/**/*.py"):
        if "Rule(" not in path.read_text(encoding="utf-8") or path.stem == "rule":
            continue
        name = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__")
        module = vars(import_module(name))
        found |= {f"{name}.{key}": value for key, value in module.items() if isinstance(value, Rule)}
    return found


def values_of(sentence: str, own_prefix: str) -> set[str]:
    """The values that a sentence wants; one in its own language (``vi_reason``) counts as ``reason``."""
    return {field.removeprefix(own_prefix) for _, field, _, _ in string.Formatter().parse(sentence) if field}


@each_registry
def test_every_module_is_on_the_list(registry: Registry) -> None:
    assert marked(registry), f"no module of {registry.package} defines {registry.mark}"
    assert marked(registry) - mentioned(registry) == set()


@each_registry
def test_the_list_is_a_tuple_without_repetition(registry: Registry) -> None:
    listed = getattr(import_module(registry.module), registry.tuple_name)
    assert isinstance(listed, tuple)
    assert listed
    assert len({id(entry) for entry in listed}) == len(listed)


@each_registry
def test_what_is_on_the_list_knows_nothing_else_on_it(registry: Registry) -> None:
    names = {f"{registry.package}.{name}" for name in marked(registry)}
    imports = [
        f"{importer} -> {imported}"
        for name in sorted(names)
        for importer, imported in imports_of(name)
        if any(is_inside(imported, other) for other in names - {name})
    ]
    assert imports == []


@pytest.mark.parametrize("task", tasks())
def test_every_task_leads_to_a_function(task: str) -> None:
    module, _, function = task.partition(":")
    file = CHECKOUT.joinpath(*module.split("."))
    path = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
    assert path.is_file(), f"{task}: there is no such module"
    assert function in top_level_names(path)


def test_every_rule_speaks_three_languages_with_the_same_values() -> None:
    for name, rule in rules().items():
        sentences = {language.value: getattr(rule, language.value) for language in Language}
        assert all(sentence.strip() for sentence in sentences.values()), name
        fields = [values_of(sentence, own_prefix=f"{code}_") for code, sentence in sentences.items()]
        assert fields[0] == fields[1] == fields[2], name


def test_every_code_means_one_thing() -> None:
    by_code: dict[str, set[Rule]] = {}
    for rule in rules().values():
        by_code.setdefault(rule.code, set()).add(rule)
    assert {code: same for code, same in by_code.items() if len(same) > 1} == {}


def test_a_check_is_named_for_its_code() -> None:
    folder = CHECKOUT / "pipeline" / "check"
    codes = {}
    for path in folder.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id == "CODE" for name in node.targets)
            if named and isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                codes[path.stem] = node.value.value
    assert {stem: code for stem, code in codes.items() if code != stem.replace("_", "-")} == {}


def test_the_catalogues_of_words_have_the_same_keys() -> None:
    catalogues = [json.loads(path.read_text(encoding="utf-8")).keys() for path in tracked("pipeline/texts/*.json")]
    assert len(catalogues) == len(Language)
    assert catalogues[0] == catalogues[1] == catalogues[2]
