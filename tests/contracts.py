"""What import-linter cannot say by itself: contracts that name what is allowed.

A list of forbidden modules has gaps as soon as a file gets a new name. These contracts hold for
every module of a package, whatever it is called.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowlistContract(Contract):
    """Every module of a package imports only what the contract's subclass allows it."""

    def trespasses(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        """Each import that is not allowed, as its importer and what is imported."""
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - the library's
        """Whether there is no such import."""
        broken = sorted(self.trespasses(graph))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} -> {imported}", bold=False)
            output.new_line()


class PureModules(AllowlistContract):
    """Modules that do not import `unless_importing` do not import `impure` packages.

    `exceptions` are modules that may, although they do not.
    """

    type_name = "pure"
    # What the library makes of a field is its value.
    package: Any = fields.StringField()
    unless_importing: Any = fields.StringField()
    impure: Any = fields.SetField(subfield=fields.StringField())
    exceptions: Any = fields.SetField(subfield=fields.StringField())

    def trespasses(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        """Imports of impure packages by modules that should be pure."""
        for module in within(graph, self.package):
            imports = graph.find_modules_directly_imported_by(module)
            if self.unless_importing in imports or module in self.exceptions:
                continue
            for imported in imports:
                if any(belongs(imported, package) for package in self.impure):
                    yield module, imported


class ClosedPackage(AllowlistContract):
    """A package imports itself and the standard library, and nothing else."""

    type_name = "closed"
    package: Any = fields.StringField()

    def trespasses(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        """Imports of anything else."""
        for module in within(graph, self.package):
            for imported in graph.find_modules_directly_imported_by(module):
                is_standard = imported.partition(".")[0] in sys.stdlib_module_names
                if not is_standard and not belongs(imported, self.package):
                    yield module, imported


class OwnModules(AllowlistContract):
    """Modules of a topic that import `importing` are imported by the topic itself only.

    A topic is a direct child of `package`; those that are `shared` may import and be imported.
    """

    type_name = "own"
    package: Any = fields.StringField()
    importing: Any = fields.StringField()
    shared: Any = fields.SetField(subfield=fields.StringField())

    def trespasses(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        """Imports of a topic's own modules by another topic."""
        for module in graph.find_modules_that_directly_import(self.importing):
            topic = self._topic(module)
            if not belongs(module, self.package) or topic in self.shared:
                continue
            for importer in graph.find_modules_that_directly_import(module):
                if self._topic(importer) not in {topic, *self.shared}:
                    yield importer, module

    def _topic(self, module: str) -> str:
        depth = self.package.count(".") + 2
        return ".".join(module.split(".")[:depth])


def within(graph: ImportGraph, package: str) -> Iterable[str]:
    """The modules of a package."""
    return [module for module in graph.modules if belongs(module, package)]


def belongs(module: str, package: str) -> bool:
    """Whether a module is that package or lies in it."""
    return module == package or module.startswith(f"{package}.")
