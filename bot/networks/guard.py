"""The deadline guard: one total time limit, from before DNS to the last byte, under httpx and under requests.

The time-outs of both clients start anew with every read, so a server that drips holds a call for as long as it
likes. Here every read and write of a socket is given what is left of the call and nothing more. The sockets also
remember whether a byte of the request left this machine: that is the proof between "no effect" and "perhaps".
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import certifi

from bot.networks.base import Misconfigured, NetworkFailure, NoAnswer, Unavailable

MOST_BYTES = 5 * 2**20
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # leads on to any IPv4 address, private ones too

# At DEBUG these write request headers, credentials among them.
for _name in ("httpx", "httpcore", "urllib3", "requests", "tweepy", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class TooLarge(Exception):
    """An answer is longer than the caller wants to hold."""


class Private(OSError):
    """A host is at an address inside our own network, where this call must not go."""


class Call:
    """One call under way: when it must end (monotonic seconds) and whether a byte of it was sent.

    `trusted`: the hosts and ports that may be inside our own network; None lets the call go anywhere.
    """

    __slots__ = ("ends", "sent", "trusted")

    def __init__(self, ends: float, trusted: frozenset[tuple[str, int]] | None = None) -> None:
        self.ends = ends
        self.sent = False
        self.trusted = trusted

    def left(self) -> float:
        """Seconds that are left. Raises TimeoutError when there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


class _Calls(threading.local):
    now: Call | None = None


_calls = _Calls()


@contextmanager
def within(seconds: float, trusted: frozenset[tuple[str, int]] | None = None) -> Iterator[Call]:
    """Limit all that this thread does on guarded sockets to `seconds` in all; an outer limit still holds.

    With `trusted` only those hosts and ports, and addresses of the public internet, are connected to.
    """
    outer = _calls.now
    ends = time.monotonic() + seconds
    kept = outer.trusted if outer and trusted is None else trusted
    call = _calls.now = Call(min(ends, outer.ends) if outer else ends, kept)
    try:
        yield call
    finally:
        _calls.now = outer
        if outer:
            outer.sent = outer.sent or call.sent


def _arm(sock: socket.socket, sending: bool = False) -> None:
    if call := _calls.now:
        sock.settimeout(call.left())
        call.sent = call.sent or sending


class GuardedSocket(socket.socket):
    """A socket whose every read and write ends with the call it belongs to."""

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        _arm(self)
        return super().recv(bufsize, flags)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        _arm(self)
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: Any, flags: int = 0, /) -> int:
        _arm(self, sending=True)
        return super().send(data, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        _arm(self, sending=True)
        super().sendall(data, flags)


class GuardedTLSSocket(ssl.SSLSocket):
    """The same above TLS. The handshake is guarded too, and is not counted as sending."""

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        _arm(self)
        return super().read(len, buffer)

    def send(self, data: Any, flags: int = 0) -> int:
        _arm(self, sending=True)
        return super().send(data, flags)

    def do_handshake(self, block: bool = False) -> None:
        _arm(self)
        super().do_handshake(block)


def resolve(host: str, port: int) -> list[tuple[Any, ...]]:
    """What getaddrinfo says, within the call's time: it cannot be interrupted, so it is left behind in a thread."""
    found: list[list[tuple[Any, ...]]] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.append(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else socket.gaierror(str(error)))

    thread = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
    thread.start()
    thread.join(_calls.now.left() if _calls.now else None)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"the name {host} was not resolved in time")
    return found[0]


def connect(host: str, port: int) -> GuardedSocket:
    """A connected socket. Every address of the host gets its share of the time that is left."""
    problem = OSError(f"{host} has no address")
    addresses = _allowed(host, port, resolve(host, port))
    for number, (family, kind, proto, _, address) in enumerate(addresses):
        sock = GuardedSocket(family, kind, proto)
        try:
            sock.settimeout(_calls.now.left() / (len(addresses) - number) if _calls.now else None)
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            problem = error
        else:
            return sock
    raise problem


def _allowed(host: str, port: int, addresses: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those that this call may connect to: what is checked here is what is connected to. Raises `Private` for none."""
    trusted = _calls.now.trusted if _calls.now else None
    if trusted is None or (host.lower(), port) in trusted:
        return addresses
    public = [address for address in addresses if _public(str(address[4][0]))]
    if addresses and not public:
        raise Private(f"{host} is inside our own network")
    return public


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return inner.is_global and found.is_global and not inner.is_multicast and found not in TRANSLATED


def tls_context() -> ssl.SSLContext:
    """A verifying TLS context that makes guarded sockets."""
    return guarded(ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where()))


def guarded(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same context, making guarded sockets from now on."""
    context.sslsocket_class = GuardedTLSSocket
    return context


def failure(error: BaseException, call: Call, host: str) -> NetworkFailure:
    """The house's failure for what a client raised: `Unavailable` if no byte was sent, else `NoAnswer`."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and len(causes) < 9:
        causes.append(cause)
    sentence = _sentence(causes, call, host)
    return NoAnswer(sentence) if call.sent else Unavailable(sentence)


def _sentence(causes: list[BaseException], call: Call, host: str) -> str:
    if any(isinstance(cause, TooLarge) for cause in causes):
        return f"{host} sent an answer that is too large."
    if call.ends <= time.monotonic() or any(isinstance(cause, TimeoutError) for cause in causes):
        return f"{host} did not answer in time."
    if not call.sent:
        for cause in causes:
            if isinstance(cause, Private):
                return f"{host} is inside our own network, where this address must not lead."
            if isinstance(cause, socket.gaierror):
                return f"The name {host} was not found: check the address and this machine's name server."
            if isinstance(cause, ssl.SSLError):
                return f"No secure connection to {host}: {getattr(cause, 'verify_message', '') or cause.reason}."
        return f"{host} could not be reached: nothing accepts a connection there."
    return f"{host} broke off before its answer was complete."


def capped(chunks: Iterable[bytes], most_bytes: int) -> bytes:
    """The chunks as one. Raises `TooLarge` beyond `most_bytes`."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge
    return bytes(body)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port. Raises ValueError for a port that is no number."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def checked(url: str) -> str:
    """The address, if it may be called: https, or http on this machine. Raises `Misconfigured` otherwise."""
    try:
        scheme, host, _ = origin(url)
        user = urlsplit(url).username
    except ValueError:
        scheme, host, user = "", "", None
    if scheme not in ("https", "http") or not host:
        raise Misconfigured(f"{url[:200]!r} is not an address: it must look like https://blog.example.")
    if user is not None:
        raise Misconfigured(f"The address of {host} holds a user name: take it out; credentials are set elsewhere.")
    if scheme == "http" and not _loopback(host):
        raise Misconfigured(f"http://{host} is not encrypted: use https (http is accepted on this machine only).")
    return url


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
