"""The OpenAPI document is valid, tells every address, and what it tells is what is served."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from dialer.model.scope import Scope
from web.api.routes import ENDPOINTS

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip
N_EXAMPLES = 5
"""For each address and either kind of request: fit by the document, and unfit."""


@pytest.fixture
def document(app):
    return app.test_client().get("/api/v1/openapi.json").get_json()


def test_every_address_is_told_with_its_words_and_its_scope(document):
    told = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert told == {(one.method, one.path) for one in ENDPOINTS}
    for operations in document["paths"].values():
        for operation in operations.values():
            assert len(operation["summary"]) > 5
            assert any(f"`{scope}`" in operation["description"] for scope in Scope)


def test_the_schemas_are_valid_json_schemas_and_every_reference_leads_somewhere(document):
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    named = {ref.rpartition("/")[2] for ref in _references(document)}
    assert named <= set(schemas)


def _references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_the_page_of_the_document_names_every_address(app, document):
    page = app.test_client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert all(f'id="{one.name}"' in text for one in ENDPOINTS)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_meets_a_server_error_or_an_answer_that_the_document_does_not_tell(
    app, program, api_rows, mode
):
    headers = {"Authorization": f"Bearer {program(max_per_min=60_000).key}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for result in schema.get_all_operations():
        operation = result.ok()

        @seed(20261102)
        @settings(
            max_examples=N_EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
