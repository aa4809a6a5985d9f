"""Headers on every answer. Scripts, styles and fonts come from our own origin only."""

from collections.abc import Sequence

from flask import Flask, Response, request

_CSP = "; ".join(
    (
        "default-src 'self'",
        "connect-src 'self'{others}",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_PERMISSIONS = "camera=(), geolocation=(), microphone={who}, payment=(), usb=()"
HEADERS = {
    "Content-Security-Policy": _CSP.format(others=""),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": _PERMISSIONS.format(who="()"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"


def install(app: Flask) -> None:
    """Add the headers to each answer; pages are never stored by a browser or a proxy."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def admit_phone(response: Response, wss_urls: Sequence[str]) -> Response:
    """The page is a phone: it may use the microphone and reach the switches' sockets, no others."""
    others = "".join(f" {url}" for url in wss_urls)
    response.headers["Content-Security-Policy"] = _CSP.format(others=others)
    response.headers["Permissions-Policy"] = _PERMISSIONS.format(who="(self)")
    return response
