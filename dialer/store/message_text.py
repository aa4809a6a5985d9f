"""The text of a fallback message from the campaign's template and one lead's facts.

Templates come from admins and names from strangers' files: a template may print, filter and
test, nothing else (no loops, no arithmetic, no attribute), and a name is data that is never
read as a template.
"""

from collections.abc import Iterator
from functools import lru_cache

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from dialer.model.errors import BadInput

VARIABLES = ("name", "campaign", "number_masked")
TEMPLATE_LENGTH = 1000
TEXT_LENGTH = 480
"""Characters of the finished text: three concatenated SMS of 160."""
_FILTERS = frozenset({"upper", "lower", "title", "capitalize", "trim", "default"})
_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter,
    nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def render(template: str, *, name: str, campaign: str, number: str) -> str:
    """The text to send, cut at TEXT_LENGTH. Raises BadInput when the template is unfit."""
    compiled = _compiled(template)
    try:
        text: str = compiled.render(name=name, campaign=campaign, number_masked=masked(number))
    except TemplateError as error:
        raise BadInput(f"message_template: {error}") from error
    return text.strip()[:TEXT_LENGTH]


def check_template(field: str, value: object) -> str:
    """`value` when it is an acceptable template. Raises BadInput naming `field`."""
    if not isinstance(value, str) or len(value) > TEMPLATE_LENGTH or "\0" in value:
        raise BadInput(f"{field}: must be a text of at most {TEMPLATE_LENGTH} characters")
    try:
        render(value, name="Awa", campaign="Essai", number="+33100000000")
    except BadInput as error:
        raise BadInput(f"{field}: {str(error).partition(': ')[2]}") from error
    return value


def masked(number: str) -> str:
    """A number fit to be shown: the last two digits only, `•••• 42`."""
    return f"•••• {number[-2:]}"


@lru_cache(maxsize=256)
def _compiled(template: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    try:
        tree = _ENVIRONMENT.parse(template)
        for fault in _faults(tree):
            raise BadInput(f"message_template: {fault}")
        return _ENVIRONMENT.from_string(tree)
    except TemplateError as error:
        raise BadInput(f"message_template: {error}") from error


def _faults(tree: nodes.Node) -> Iterator[str]:
    for node in (tree, *tree.find_all(nodes.Node)):
        if isinstance(node, nodes.Name) and node.name not in VARIABLES:
            yield f"{node.name!r} is unknown; there are {', '.join(VARIABLES)}"
        elif isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            yield f"filter {node.name!r} is not allowed"
        elif not isinstance(node, _NODES) and isinstance(node, nodes.Expr | nodes.Stmt):
            yield f"{type(node).__name__.lower()} is not allowed"
