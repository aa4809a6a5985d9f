"""Which code a run's figures come from: a short digest of what decides them.

Comments, docstrings and import lines do not count, nor does what pacing never calls: figures are
played again when they could differ, and only then.
"""

import ast
from functools import cache
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = "relance"
WORLD = ("dialer.sim.rehearsal", "dialer.sim.regimes")
ASIDE = frozenset({"dialer.sim.numbers"})
"""The laboratory's number plan: nobody in it is called here."""
DIGITS = 4


@cache
def revision(policy: str) -> str:
    """The digest for runs of this policy: its own sources, and those of the world."""
    modules = reached(WORLD, "dialer.sim.")
    if policy == OURS:
        modules |= reached(("dialer.sim.own_pacing",), "dialer.sim.", "dialer.policy.")
    else:
        modules.add("benchmarks.pacing.rivals")
    digest = blake2b(digest_size=DIGITS)
    for module in sorted(modules):
        digest.update(f"{module}\n{meaning(_source(module))}".encode())
    return digest.hexdigest()


def reached(roots: tuple[str, ...], *prefixes: str) -> set[str]:
    """The modules that these import, at any remove, as long as their names begin so."""
    found, todo = set(roots), list(roots)
    while todo:
        for node in ast.walk(ast.parse(_source(todo.pop()))):
            if not isinstance(node, ast.ImportFrom) or node.module is None:
                continue
            names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            new = {
                name
                for name in names - found - ASIDE
                if name.startswith(prefixes) and _path(name).exists()
            }
            found |= new
            todo += new
    return found


def meaning(source: str) -> str:
    """The source as a tree without imports and without text that is only read by people."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_silent(one)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _path(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def _source(module: str) -> str:
    return _path(module).read_text()
