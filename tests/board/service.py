# SPDX-License-Identifier: MIT
"""A server of boards: started on port 0 or a Unix socket with a file of its own, and ended by its pid."""
import contextlib
import glob
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

PATIENCE = 20 * float(os.environ.get("CK_TIMEOUT_MULTIPLIER") or 1)
MODELS = {
    "iterative": {"type": "iterative"},
    "fork": {"type": "fork"},
    "thread": {"type": "thread"},
    "pool": {"type": "pool", "threads": 8},
    "pool-classic": {"type": "pool", "threads": 8, "park": False},
    "epoll": {"type": "epoll", "loops": 2},
}
BOARDS = (("general", "General talk"), ("Quiet", ""), ("umlaut", "Größe – ☃"))
PAGE, MAX_POST, MAX_LINES = 3, 4000, 60
SMALL = {"page": PAGE, "max_post": str(MAX_POST), "max_lines": MAX_LINES}  # limits that a case can reach
GRAVE = re.compile(r"^\S+ (?:error|warning) .*$|^.*Sanitizer.*$", re.M)


class Failure(Exception):
    """Something is not as PROTOCOL.md has it."""


def await_that(what, condition):
    """Waits until the condition holds, and returns its value."""
    end = time.monotonic() + PATIENCE
    while not (got := condition()):
        if time.monotonic() > end:
            raise Failure(f"waited {PATIENCE:g} s for: {what}")
        time.sleep(0.01)
    return got


def session_of(sid):
    """The processes of a session, but for those that are dead and wait for their parent."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8", errors="replace") as f:
                fields = f.read().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[3]) == sid and fields[0] != "Z":
            found.append(int(path.split("/")[2]))
    return found


class Place:
    """A temporary folder with a config that serves one board; it goes with its `with`.
    of_model: settings of the model, in place of those in the table; one that is None is left out."""

    def __init__(self, build, model, transport, of_model=(), **settings):
        self.build, self.model, self.transport, self.of_model = build, model, transport, dict(of_model)
        self.folder = tempfile.mkdtemp(prefix="board-")
        os.chmod(self.folder, 0o755)
        self.file = settings.pop("file", os.path.join(self.folder, "posts.db"))
        self.boards = settings.pop("boards", BOARDS)
        self.settings = {"password_cost": 1, **settings}
        self.wrap = []  # a command that runs the server

    def modus(self, command):
        return [os.path.join(self.build, "cli", "modus"), command, os.path.join(self.folder, "conf")]

    def write_config(self):
        listen = "tcp://127.0.0.1:0" if self.transport == "tcp4" else f"unix://{self.folder}/socket"
        boards = ", ".join(f'{{ name = "{name}"; title = "{title}"; }}' for name, title in self.boards)
        model = settings_text({**MODELS[self.model], **self.of_model})
        rows = settings_text({"file": self.file, **self.settings})
        with open(os.path.join(self.folder, "conf"), "w", encoding="utf-8") as f:
            f.write(f'services = ( {{ name = "board"; listen = [ "{listen}" ];\n'
                    f"  model = {{ {model} }};\n"
                    f"  timeouts = {{ idle = 600; request = 600; }};\n"
                    f'  handler = {{ type = "board"; boards = ( {boards} ); {rows} }}; }} );\n')

    def refused(self, **how):
        """What serve says of a config or file that it is to refuse."""
        self.write_config()
        try:
            ran = subprocess.run(self.modus("serve"), capture_output=True, text=True, timeout=PATIENCE,
                                 check=False, **how)
        except subprocess.TimeoutExpired:
            raise Failure("modus serve serves what it should refuse") from None
        if ran.returncode <= 0:
            raise Failure(f"modus serve ended with {ran.returncode} where it should refuse:\n{ran.stderr}")
        return ran.stderr

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def settings_text(settings):
    return " ".join(f"{name} = {literal(value)};" for name, value in settings.items() if value is not None)


def literal(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


class Service:
    """The server of a place, from its being ready to its end; a `with` stops it, or kills it after a failure.
    may_log: a pattern of the errors and warnings that it may log."""

    def __init__(self, place, may_log=""):
        self.place, self.may_log = place, may_log
        place.write_config()
        self.log_path = os.path.join(place.folder, "log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(place.wrap + place.modus("serve"), stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)
        try:
            await_that("ready", lambda: "ready: 1 service" in self.log() or self.process.poll() is not None)
            if self.process.poll() is not None:
                raise Failure("modus serve ends at once")
        except Failure as e:
            self.kill()
            raise Failure(f"{e}; its log:\n{self.log()}") from None
        self.port = re.search(r"127\.0\.0\.1:(\d+)", self.log())

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    @property
    def address(self):
        return ("127.0.0.1", int(self.port.group(1))) if self.port else f"{self.place.folder}/socket"

    def sql(self, statement, *values):
        """Runs it on the file, while it is served."""
        db = sqlite3.connect(self.place.file, timeout=PATIENCE)
        try:
            with db:
                return db.execute(statement, values).fetchall()
        finally:
            db.close()

    def serving(self):
        """All its processes but the supervisor."""
        return [pid for pid in session_of(self.process.pid) if pid != self.process.pid]

    def faults(self):
        """What the log has that is no news, and what a sanitizer said."""
        found = GRAVE.findall(self.log())
        return [line for line in found if "Sanitizer" in line or not self.may_log or not re.search(self.may_log, line)]

    def kill(self):
        for pid in session_of(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ends it, and says what is wrong with how it ends."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"the server does not end; its log:\n{self.log()}") from None
        left = session_of(self.process.pid)
        self.kill()
        if status:
            raise Failure(f"the server ended with {status}; its log:\n{self.log()}")
        if left:
            raise Failure(f"the server left processes: {left}")
        if grave := self.faults():
            raise Failure(f"the log has: {grave}\n{self.log()}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind or self.process.returncode is not None:
            self.kill()
        else:
            self.stop()
