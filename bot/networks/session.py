"""requests (and so tweepy) under the deadline guard."""

from __future__ import annotations

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import Response as Response
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from bot.networks.guard import MOST_BYTES, TooLarge, capped, checked, connect, failure, guarded, tls_context, within


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        try:
            return connect(self._dns_host, self.port or self.default_port)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, str(error)) from error
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error


class _Secure(_Plain, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class DeadlineAdapter(HTTPAdapter):
    """requests with a total deadline: the body is read here, inside it. Raises `Unavailable` or `NoAnswer`."""

    def __init__(
        self, deadline: float = 15.0, most_bytes: int = MOST_BYTES, context: ssl.SSLContext | None = None
    ) -> None:
        self.deadline, self.most_bytes = deadline, most_bytes
        self._context = guarded(context) if context else tls_context()
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        host = urlsplit(checked(request.url or "")).hostname or ""
        with within(self.deadline) as call:
            try:
                response = super().send(request, *args, **{**kwargs, "stream": True, "timeout": None})
                with response:
                    if _head_defects(response):
                        raise ConnectionError("the head of the answer is incomplete")
                    response._content = capped(response.iter_content(65536), self.most_bytes)
            except (requests.RequestException, OSError, TooLarge) as error:
                raise failure(error, call, host) from None
        return response


def _head_defects(response: requests.Response) -> list[Any]:
    """What http.client forgave: to it, a head that breaks off in the middle is a whole one."""
    original = getattr(response.raw, "_original_response", None)
    return list(original.msg.defects) if original else []


class GuardedSession(requests.Session):
    """A requests session (tweepy's, say) under the guard: no proxies or netrc, a redirect is an answer."""

    def __init__(self, deadline: float = 15.0, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.trust_env = False
        for scheme in ("https://", "http://"):
            self.mount(scheme, DeadlineAdapter(deadline, context=context))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: a hop would begin a deadline of its own, and might lead to another host."""
        return
