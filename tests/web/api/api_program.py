"""Another program that uses the API, for Flask's test client."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BASE = "/api/v1"


@dataclass
class Program:
    client: FlaskClient
    key: str
    key_id: int = 0

    def ask(self, method: str, path: str, body: Any = None, **options) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}"} | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        return self.client.open(BASE + path, method=method, headers=headers, **options)

    def get(self, path: str, **options) -> TestResponse:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options) -> TestResponse:
        return self.ask("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options) -> TestResponse:
        return self.ask("PATCH", path, body, **options)

    def delete(self, path: str, **options) -> TestResponse:
        return self.ask("DELETE", path, **options)


def code_of(answer: TestResponse) -> str:
    """The code of a problem, which must look like one."""
    assert answer.mimetype == "application/problem+json", answer.get_data(as_text=True)
    body = answer.get_json()
    assert body["status"] == answer.status_code and body["type"].endswith(body["code"])
    return body["code"]


def faults_of(answer: TestResponse) -> dict[str, str]:
    """Where the faults of a problem are, and what they say."""
    assert code_of(answer) == "invalid", answer.get_data(as_text=True)
    return {
        one.get("pointer") or one.get("parameter", ""): one["detail"]
        for one in answer.get_json()["errors"]
    }
