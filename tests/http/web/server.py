# SPDX-License-Identifier: MIT
"""A web service under test, started on port 0 with a config of its own and ended by its pid; and clients that
send what they are told to, byte by byte if need be."""
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "board"))
from service import GRAVE, MODELS, PATIENCE, Failure, await_that, session_of, settings_text  # noqa: E402

CASES = []
HELLO = 'app = "hello_web";'


def case(title, crowd=False):
    """Adds the function to the table; it gets a Stage.  crowd: it needs clients at the same time."""
    def add(function):
        CASES.append((title, crowd, function))
        return function
    return add


def same(what, got, want):
    if got != want:
        raise AssertionError(f"{what}: want {want!r}, got {got!r}")


def matches(what, got, pattern):
    found = re.search(pattern, got)
    if not found:
        raise AssertionError(f"{what}: want a match of {pattern!r}, got {got!r}")
    return found


# ---- Responses ---------------------------------------------------------------------------------


class Response:
    def __init__(self, status, reason, fields, body):
        self.status, self.reason, self.fields, self.body = status, reason, fields, body

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if len(values) == 1 else values or None

    @property
    def text(self):
        return self.body.decode()


def read_chunks(file):
    body = b""
    while size := int(file.readline(), 16):
        body += file.read(size)
        same("the end of a chunk", file.readline(), b"\r\n")
    while file.readline() not in (b"\r\n", b""):
        pass
    return body


def read_response(file, method="GET"):
    """The next one, or None at the end."""
    line = file.readline()
    if not line:
        return None
    found = re.fullmatch(rb"HTTP/1\.1 (\d{3}) ([^\r\n]*)\r\n", line)
    if not found:
        raise AssertionError(f"want a status line, got {line!r}")
    fields = []
    while (line := file.readline()) != b"\r\n":
        field = re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([^\r\n]*)\r\n", line)
        if not field:
            raise AssertionError(f"want a field, got {line!r}")
        fields.append(tuple(part.decode("latin-1") for part in field.groups()))
    response = Response(int(found[1]), found[2].decode(), fields, b"")
    if method == "HEAD" or response.status in (204, 304):
        return response
    length = response.get("Content-Length")
    if response.get("Transfer-Encoding") == "chunked":
        response.body = read_chunks(file)
    else:
        response.body = file.read(int(length)) if length is not None else file.read()
        if length is not None:
            same("the length of the body", len(response.body), int(length))
    return response


class Connection:
    """A client's connection; a `with` closes it."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(address)
        self.file = self.socket.makefile("rb")

    def ask(self, target="/", method="GET", host="localhost", fields=(), body=b""):
        def raw(text):
            return text if isinstance(text, bytes) else text.encode("latin-1")

        head = [raw(method) + b" " + raw(target) + b" HTTP/1.1", b"Host: " + raw(host)]
        head += [raw(name) + b": " + raw(value) for name, value in fields]
        if body:
            head.append(b"Content-Length: %d" % len(body))
        return self.send(b"\r\n".join(head) + b"\r\n\r\n" + body, method)

    def send(self, data, method="GET"):
        self.socket.sendall(data)
        return read_response(self.file, method)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()


# ---- Servers -----------------------------------------------------------------------------------


class Place:
    """A temporary folder with a config; it goes with its `with`."""

    def __init__(self, build, model):
        self.build, self.model = build, model
        self.folder = tempfile.mkdtemp(prefix="web-")
        self.log_file = os.path.join(self.folder, "access.log")
        self.control = os.path.join(self.folder, "control")

    def config(self, routes, more="", control=True):
        """Writes it: routes is the text of each route's group, without its braces."""
        groups = ",\n".join(f"    {{ {route} }}" for route in routes)
        text = f'control = "unix://{self.control}";\n' if control else ""
        self.write(f'{text}services = ( {{ name = "web"; listen = [ "tcp://127.0.0.1:0" ];\n'
                   f"  model = {{ {settings_text(MODELS[self.model])} }};\n"
                   f"  timeouts = {{ idle = 600; }};\n"
                   f'  handler = {{ type = "web"; {more} routes = (\n{groups} ); }}; }} );\n')

    def write(self, text):
        with open(self.path, "w", encoding="utf-8") as f:
            f.write(text)

    @property
    def path(self):
        return os.path.join(self.folder, "conf")

    def modus(self, command):
        return [os.path.join(self.build, "cli", "modus"), command, self.path]

    def run(self, command):
        """A command that ends: its status and what it says, without the folder's name."""
        ran = subprocess.run(self.modus(command), capture_output=True, text=True, timeout=PATIENCE, check=False)
        return ran.returncode, (ran.stdout + ran.stderr).replace(self.folder + "/", "")

    def lines(self, path=None):
        try:
            with open(path or self.log_file, encoding="utf-8", newline="\n") as f:
                return f.read().split("\n")[:-1]  # not at what else may pass for a line's end
        except FileNotFoundError:
            return []

    def await_lines(self, number, path=None):
        """The lines of the access log, once there are so many: a response is logged after it was sent."""
        await_that(f"{number} lines", lambda: len(self.lines(path)) >= number)
        lines = self.lines(path)
        same("lines", len(lines), number)
        return lines

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """A running server; a `with` stops it, and looks at how it ends."""

    def __init__(self, place, may_log=""):
        self.place, self.may_log = place, may_log
        self.log_path = os.path.join(place.folder, "log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(place.modus("serve"), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=place.folder, start_new_session=True)
        try:
            await_that("ready", lambda: "ready: 1 service" in self.log() or self.process.poll() is not None)
            port = re.search(r"127\.0\.0\.1:(\d+)", self.log())
            if self.process.poll() is not None or not port:
                raise Failure("modus serve ends at once")
        except Failure as e:
            self.kill()
            raise Failure(f"{e}; its log:\n{self.log()}") from None
        self.address = ("127.0.0.1", int(port[1]))

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def connect(self):
        return Connection(self.address)

    def ask(self, *args, **how):
        """A request with a connection of its own."""
        with self.connect() as c:
            return c.ask(*args, **how)

    def send(self, data):
        with self.connect() as c:
            return c.send(data)

    def serving(self):
        """All its processes but the supervisor."""
        return [pid for pid in session_of(self.process.pid) if pid != self.process.pid]

    def kill(self):
        for pid in session_of(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"the server does not end; its log:\n{self.log()}") from None
        left = session_of(self.process.pid)
        self.kill()
        same(f"the server's status; its log:\n{self.log()}", status, 0)
        same("processes that it left", left, [])
        grave = [line for line in GRAVE.findall(self.log())
                 if "Sanitizer" in line or not self.may_log or not re.search(self.may_log, line)]
        same("errors and warnings in its log", grave, [])

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind or self.process.returncode is not None:
            self.kill()
        else:
            self.stop()


class Stage:
    """What a case has at hand."""

    def __init__(self, build, model):
        self.build, self.model = build, model

    def place(self):
        return Place(self.build, self.model)

    @contextlib.contextmanager
    def serve(self, routes, more="", may_log=""):
        """A server with these routes, in a place of its own."""
        with self.place() as place:
            place.config(routes, more)
            with Server(place, may_log) as server:
                yield server
