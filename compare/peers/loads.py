# SPDX-License-Identifier: MIT
"""Loads of HTTP, by "modus load", and connections that got one response and then say nothing."""
import http.client
import json
import socket
import subprocess

from laboratory import IP_BIND_ADDRESS_NO_PORT, PATIENCE, Failure, Laboratory, cpus, on_cpu
from servers import BLOCK, HELLO, HELLO_PATH

COMPARED = 1 << 16  # bytes: of longer bodies only the first one is


class WebLaboratory(Laboratory):
    def measure(self, server, request, site):
        """(server CPU per request in us, requests per second)"""
        check(server, request.path, site)
        body = ["--any-body"] if request.size > COMPARED else ["--expect-body", site.file(request.path)]
        seconds = max(self.seconds, request.at_least)
        run = subprocess.run([self.modus, "load", "--json", "--server", str(server.pid), "--http", request.path,
                              "--mode", request.mode, "--connections", str(request.connections),
                              "--pipeline", str(request.pipeline), "--duration", str(seconds),
                              "--warmup", str(self.warmup), *body, server.target],
                             capture_output=True, text=True, check=False, preexec_fn=on_cpu(cpus()[1]))
        if not run.stdout:
            raise Failure(f"modus load: status {run.returncode}: {run.stderr}\n{server.said()}")
        said = json.loads(run.stdout)
        wrong = ", ".join(f"{n} {kind}" for kind, n in said["errors"].items() if n)
        if run.returncode or wrong:
            raise Failure(f"of {said['requests']} requests {wrong or 'none was served'} {said['wrong']}\n"
                          f"modus load on {server.target}{request.path}; the server said:\n{server.said()}")
        return said["server"]["cpu_us_per_request"], said["requests_per_second"]


def wrong_with(server, path, file):
    """What is wrong with the server's response for that file, which is to be open; None: nothing."""
    conn = http.client.HTTPConnection(*server.address(), timeout=PATIENCE)
    try:
        conn.request("GET", path)
        response = conn.getresponse()
        if response.status != 200:
            return f"status {response.status}"
        while want := file.read(BLOCK):
            if response.read(len(want)) != want:
                return "another body"
        return "a longer body" if response.read(1) else None
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        conn.close()


def check(server, path, site):
    """Before what is measured: the server has that file, byte for byte."""
    with open(site.file(path), "rb") as file:
        wrong = wrong_with(server, path, file)
    if wrong:
        raise Failure(f"{server.target}{path}: got {wrong}, want 200 and the file\n{server.said()}")


def hear(conn):
    """Reads one response with the greeting; ConnectionError: it ended before that."""
    said = b""
    while not said.endswith(b"\r\n\r\n" + HELLO):
        piece = conn.recv(4096)
        if not piece:
            raise ConnectionError(f"it ended after {said[:60]}")
        said += piece


def park(server, count):
    """Connections that got one response and then say nothing."""
    host, port = server.address()
    request = f"GET {HELLO_PATH} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    conns = []
    try:
        for i in range(count):
            c = socket.socket()
            conns.append(c)
            c.settimeout(PATIENCE)
            c.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            c.bind((f"127.0.2.{1 + i % 200}", 0))
            c.connect((host, port))
            c.sendall(request)
        for c in conns:
            hear(c)
    except OSError as error:
        for c in conns:
            c.close()
        raise Failure(f"of {count} more connections one had no response: {error}") from error
    return conns


def count_closed(conns):
    """How many of them the server has closed."""
    closed = 0
    for c in conns:
        c.setblocking(False)
        try:
            c.recv(1)
            closed += 1
        except BlockingIOError:
            pass
        except OSError:
            closed += 1
    return closed
