# SPDX-License-Identifier: MIT
"""What the cases have at hand: a server of a tree of files and of two applications, and ways to ask it."""
import http.client
import json
import os
import shutil
import socket
import tempfile

import tree
from kit import Received, Reply, run, same, true
from service import MODELS, PATIENCE, Service, await_that, settings_text

MANY = {"epoll": 10_000}  # files of the tree that is mirrored; under the other models:
FEW = 300


class Site:
    """It goes, with its server and all that cases leave, at the end of its `with`."""
    wrap = []

    def __init__(self, build, model):
        self.build, self.model = build, model
        self.service, self.connections, self.used, self.at_rest = None, [], 0, 0
        self.folder = tempfile.mkdtemp(prefix="clients-")
        os.chmod(self.folder, 0o755)
        self.root = os.path.join(self.folder, "root")
        self.files = {**tree.files(), **tree.many(MANY.get(model, FEW))}
        tree.write(self.root, self.files)
        tree.write(self.folder, {"secret": b"nobody is to see this\n"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close_connections()
        if self.service:
            self.service.kill()
        for path in ("closed", "closed.txt"):
            os.chmod(os.path.join(self.root, path), 0o755)
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- The server, as tests/board/service.py runs it ----

    def modus(self, command):
        return [os.path.join(self.build, "cli", "modus"), command, os.path.join(self.folder, "conf")]

    def write_config(self):
        files = {"type": "files", "root": self.root, "listing": True, "precompressed": True, "compress": True}
        routes = {"/": files, "/hello": {"type": "hello_web"}, "/probe": {"type": "http_probe"},
                  "/unlisted": {**files, "root": os.path.join(self.root, "list"), "listing": False}}
        rows = ", ".join(f'{{ path = "{path}"; app = {{ {settings_text(app)} }}; }}' for path, app in routes.items())
        with open(os.path.join(self.folder, "conf"), "w", encoding="utf-8") as f:
            f.write(f'services = ( {{ name = "web"; listen = [ "tcp://127.0.0.1:0" ];\n'
                    f"  model = {{ {settings_text(MODELS[self.model])} }};\n"
                    f"  timeouts = {{ idle = 60; request = 60; }};\n"
                    f'  handler = {{ type = "web"; http = {{ body = "4M"; }}; routes = ( {rows} );\n'
                    f'    access_log = "{self.access_log}"; access_format = "json"; }}; }} );\n')

    @property
    def access_log(self):
        return os.path.join(self.folder, "access")

    def logged(self):
        """The lines of the access log, objects of JSON."""
        with open(self.access_log, encoding="utf-8", errors="strict") as f:
            return f.readlines()

    def serve(self):
        self.service = Service(self, may_log=r"handle\(\) failed: EIO$")  # /probe/cut is told to fail
        self.host, self.port = self.service.address
        for _ in range(3):
            for path in ("/small.txt", "/list/", "/big.bin", "/hello", "/probe/echo", "/nowhere"):
                self.ask(path)
        if self.model != "iterative":
            self.ask_at_once(12)
        self.at_rest = self.rest()

    def ask_at_once(self, count):
        connections = [self.connect() for _ in range(count)]
        for connection in connections:
            connection.request("GET", "/small.txt")
        for connection in connections[:8]:  # a pool without parking has so many threads
            connection.getresponse().read()
        self.close_connections()

    def descriptors(self):
        """How many files all its processes have open."""
        count = 0
        for pid in self.service.serving():
            try:
                count += len(os.listdir(f"/proc/{pid}/fd"))
            except OSError:
                continue  # it ended meanwhile
        return count

    def rest(self):
        """The descriptors once their number does not change any more."""
        seen = []

        def still():
            seen.append(self.descriptors())
            return len(seen) >= 20 and len(set(seen[-20:])) == 1

        await_that("a number of descriptors that lasts", still)
        return seen[-1]

    def afterwards(self):
        """It serves as before, holds nothing that it did not hold then, and has failed nowhere."""
        self.ask("/small.txt").holds("afterwards", 200, self.files["small.txt"])
        await_that(f"{self.at_rest} descriptors, as before the cases", lambda: self.descriptors() <= self.at_rest)
        lines = self.logged()
        true("want lines", len(lines) > 10, len(lines))
        for line in lines[:1000]:
            json.loads(line)
        same("responses that tell a fault", [line for line in lines if '"status":500' in line], [])

    def end(self):
        self.close_connections()
        self.service.stop()

    # ---- Asking ----

    def url(self, path):
        return f"http://{self.host}:{self.port}{path}"

    def scratch(self):
        """An empty folder."""
        self.used += 1
        path = os.path.join(self.folder, f"scratch{self.used}")
        os.mkdir(path)
        return path

    def connect(self):
        """A connection that ends with the case."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        self.connections.append(connection)
        return connection

    def close_connections(self):
        while self.connections:
            self.connections.pop().close()

    def ask(self, target, method="GET", headers=(), body=None):
        """A request by a connection of its own: the reply."""
        connection = self.connect()
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in dict(headers).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read(), response.version)
        finally:
            connection.close()

    def talk(self, data):
        """All that the server says to these bytes, until it closes."""
        with socket.create_connection((self.host, self.port), timeout=PATIENCE) as s:
            s.sendall(data)
            pieces = [b"begin"]
            while pieces[-1]:
                pieces.append(s.recv(65536))
        return b"".join(pieces[1:])

    def curl(self, *words, status=0, stdin=b""):
        """One transfer by curl, its path the last word: the reply, and what -v would tell."""
        out = self.scratch()
        head, body = os.path.join(out, "head"), os.path.join(out, "body")
        said, told = run(*CURL, "-v", "-D", head, "-o", body, "-w", "%{json}", *words[:-1], self.url(words[-1]),
                         status=status, stdin=stdin)
        known = json.loads(said)
        heads = [part for part in read(head).split(b"\r\n\r\n") if part]  # interim ones come before the last
        fields = Received(heads[-1].partition(b"\r\n")[2] + b"\r\n\r\n")
        return Reply(known["http_code"], http.client.parse_headers(fields), read(body) if os.path.exists(body) else b"",
                     known=known), told


CURL = ("curl", "-q", "-sS", "--noproxy", "*", "--max-time", f"{PATIENCE:g}")


def read(*path):
    with open(os.path.join(*path), "rb") as f:
        return f.read()
