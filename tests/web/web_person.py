"""A browser of one user, for Flask's test client."""

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery"
SMS_TOKEN = "token-of-the-provider"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Person:
    """A browser of one user: keeps cookies, sends the CSRF token of the last page."""

    client: FlaskClient
    user_id: int = 0
    token: str = ""

    def get(self, path: str, **options) -> TestResponse:
        answer = self.client.get(path, **options)
        if not answer.is_streamed or answer.mimetype == "text/html":
            found = TOKEN.search(answer.get_data(as_text=True))
            self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, data=None, **options) -> TestResponse:
        headers = {"X-CSRFToken": self.token} | options.pop("headers", {})
        return self.client.post(path, data=data, headers=headers, **options)


def entered(app: Flask, login: str, user_id: int) -> Person:
    """Somebody who has logged in."""
    person = Person(app.test_client(), user_id)
    person.get("/login")
    answer = person.post("/login", {"login": login, "password": PASSWORD})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    redis = app.extensions["relance_bus"].redis
    for key in redis.scan_iter("relance:web:limit:*"):
        redis.delete(key)
    person.get("/no-such-page")  # a page with the new session's token
    return person
