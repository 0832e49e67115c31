# SPDX-License-Identifier: MIT
"""A client that takes nothing that is not exactly right: a connection, requests, and what comes back."""
import ctypes
import ctypes.util
import functools
import gzip
import re
import socket

from board import PATIENCE, Failure

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) [\x20-\x7e]*")
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")
BODILESS = (204, 304)


class Reply:
    def __init__(self, status, fields):
        self.status, self.fields, self.body = status, fields, b""

    def every(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name):
        found = self.every(name)
        if len(found) > 1:
            raise Failure(f"{name} is there {len(found)} times: {found}")
        return found[0] if found else None

    @property
    def vary(self):
        return {word.strip().lower() for value in self.every("Vary") for word in value.split(",")}

    def decoded(self):
        return decode(self.body, self.get("Content-Encoding"))


def decode(body, encoding):
    if encoding == "gzip":
        return gzip.decompress(body)
    return unbrotli(body) if encoding == "br" else body


@functools.cache
def brotli():
    """The library, for Python has none of its own."""
    found = ctypes.util.find_library("brotlidec")
    if not found:
        raise Failure("libbrotlidec is not there: br cannot be decoded")
    return ctypes.CDLL(found)


def unbrotli(body, most=1 << 18):
    size = ctypes.c_size_t(most)
    out = ctypes.create_string_buffer(most)
    if brotli().BrotliDecoderDecompress(ctypes.c_size_t(len(body)), body, ctypes.byref(size), out) != 1:
        raise Failure("the body is no br")
    return out.raw[:size.value]


class Client:
    def __init__(self, address):
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def close(self):
        self.socket.close()

    def more(self):
        got = self.socket.recv(1 << 16)
        if not got:
            raise Failure(f"the connection ended within a response, after {self.left[:200]!r}")
        self.left += got

    def take(self, n):
        while len(self.left) < n:
            self.more()
        taken, self.left = self.left[:n], self.left[n:]
        return taken

    def line(self):
        while b"\r\n" not in self.left:
            self.more()
        line, _, self.left = self.left.partition(b"\r\n")
        return line

    def send(self, method, target, *fields):
        if isinstance(target, str):
            target = target.encode()
        lines = [method.encode() + b" " + target + b" HTTP/1.1", b"Host: files.test"]
        self.socket.sendall(b"".join(line + b"\r\n" for line in lines + [f.encode() for f in fields] + [b""]))

    def head(self):
        line = self.line()
        if not (status := STATUS.fullmatch(line)):
            raise Failure(f"no status line: {line!r}")
        fields = []
        while line := self.line():
            if not (field := FIELD.fullmatch(line)):
                raise Failure(f"no field line: {line!r}")
            fields.append((field[1].decode("latin-1"), (field[2] or b"").decode("latin-1")))
        return Reply(int(status[1]), fields)

    def chunks(self):
        body = b""
        while size := int(self.line(), 16):
            body += self.take(size)
            if self.take(2) != b"\r\n":
                raise Failure("a chunk does not end with its size")
        if self.line():
            raise Failure("there is a trailer")
        return body

    def ask(self, method, target, *fields):
        self.send(method, target, *fields)
        reply = self.head()
        length, coded = reply.get("Content-Length"), reply.get("Transfer-Encoding")
        if length is not None and coded:
            raise Failure("both Content-Length and Transfer-Encoding")
        if not reply.get("Date"):
            raise Failure("no Date")
        if method == "HEAD" or reply.status in BODILESS:
            return reply
        if coded == "chunked":
            reply.body = self.chunks()
        elif length is not None:
            reply.body = self.take(int(length))
        else:
            raise Failure("neither a length nor chunks")
        return reply

    def get(self, target, *fields):
        return self.ask("GET", target, *fields)
