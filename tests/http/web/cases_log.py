# SPDX-License-Identifier: MIT
"""The access log: what a line has, whatever a client sends, and what becomes of it when its file is renamed."""
import calendar
import json
import os
import re
import threading
import time

from server import HELLO, Server, await_that, case, matches, same

COMBINED = re.compile(r'(\S+) - - \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000)\] '
                      r'"((?:[^"\\]|\\x[0-9A-F]{2})*)" (\d{3}) (\d+) '
                      r'"((?:[^"\\]|\\x[0-9A-F]{2})*)" "((?:[^"\\]|\\x[0-9A-F]{2})*)"')
MEMBERS = ["time", "id", "peer", "method", "host", "target", "status", "bytes", "ms", "referer", "agent"]
AGENTS = [b"plain/1.0 (x; y)", b'a" 200 1 "-" "b', b"back\\slash \\x41 \\", b"tab\there",
          b"\xff\xfe \xc3\xa4 \xe2\x98\x83", b"\xf0\x9f\x98\x80", b"\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80",
          b"\xe2\x80\xa8", b"{}[],:'<script>", b"%s%n%d"]
TARGETS = [b"/plain?a=b", b"/%22%0a%00x", b'/"quoted"', b"/a\\b", b"/\xff\xfe\xc3\xa4", b"/{curly}", b"/<b>", b"/%",
           b"x", b"/a#b", b"http://a.example/b?c", b"/" + b"%22" * 700, b"/" + b"a" * 5000]


def log_of(stage, form="combined"):
    place = stage.place()
    place.config([HELLO, 'path = "/r"; redirect = "/";'], f'access_log = "{place.log_file}"; access_format = "{form}";')
    return place


def parse(line):
    found = COMBINED.fullmatch(line)
    if not found:
        raise AssertionError(f"not in the combined format: {line!r}")
    return found.groups()


def unescaped(text):
    return re.sub(rb"\\x([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), text.encode("ascii"))


def distinct(text):
    """Several replacement characters side by side are as good as one: decoders differ."""
    return re.sub("\ufffd+", "\ufffd", text)


@case("combined: a line for each response")
def combined(stage):
    with log_of(stage) as place, Server(place) as server:
        before = int(time.time())
        server.ask("/?name=Ada", fields=[("Referer", "http://a.example/"), ("User-Agent", "test/1")])
        server.ask("/", method="HEAD")
        server.ask("/r", method="POST", body=b"xyz")
        missing = server.ask("/", method="PUT")
        server.send(b"nonsense\r\n\r\n")
        lines = [parse(line) for line in place.await_lines(5)]
        after = int(time.time())
        same("addresses", {line[0] for line in lines}, {"127.0.0.1"})
        for line in lines:
            at = calendar.timegm(time.strptime(line[1], "%d/%b/%Y:%H:%M:%S +0000"))
            same(f"the time of {line}", before <= at <= after, True)
        same("GET", lines[0][2:], ("GET /?name=Ada HTTP/1.1", "200", "12", "http://a.example/", "test/1"))
        same("HEAD", lines[1][2:], ("HEAD / HTTP/1.1", "200", "0", "-", "-"))
        same("a redirect", lines[2][2:4], ("POST /r HTTP/1.1", "308"))
        same("an error", lines[3][2:5], ("PUT / HTTP/1.1", "405", str(len(missing.body))))
        same("what was no request", (lines[4][2], lines[4][3]), ("-", "400"))


@case("json: an object for each response")
def objects(stage):
    with log_of(stage, "json") as place, Server(place) as server:
        with server.connect() as c:
            port = c.socket.getsockname()[1]
            c.ask("/?name=Ada", host="Example.org:80", fields=[("Referer", "/x"), ("User-Agent", "test/1")])
            c.ask("/r")
        server.send(b"nonsense\r\n\r\n")
        lines = [json.loads(line) for line in place.await_lines(3)]
        for line in lines:
            same("members", list(line), MEMBERS)
            matches("time", line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            matches("id", line["id"], r"^\S{8,}$")
            same("ms", isinstance(line["ms"], float) and 0 <= line["ms"] < 60000, True)
        same("ids", len({line["id"] for line in lines}), 3)
        want = {"peer": f"127.0.0.1:{port}", "method": "GET", "host": "example.org", "target": "/?name=Ada",
                "status": 200, "bytes": 12, "referer": "/x", "agent": "test/1"}
        same("GET", {key: lines[0][key] for key in want}, want)
        want = {"target": "/r", "status": 308, "referer": None, "agent": None}
        same("a redirect", {key: lines[1][key] for key in want}, want)
        want = {"method": "-", "host": None, "target": None, "status": 400}
        same("what was no request", {key: lines[2][key] for key in want}, want)


def send_hostile(server):
    """Sends each agent and target; how many responses came."""
    for agent in AGENTS:
        server.ask("/", fields=[("User-Agent", agent), ("Referer", agent)])
    for target in TARGETS:
        server.ask(target)
    for raw in (b"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: \x1b[2J\r\n\r\n",
                b"\x16\x03\x01\x02\x00\x01\n", b'GET /"\x00 HTTP/1.1\r\nHost: "\r\n\r\n'):
        server.send(raw)
    return len(AGENTS) + len(TARGETS) + 4


@case("combined: nothing that a client sends begins a line, ends a text or reaches a terminal")
def hostile_combined(stage):
    with log_of(stage) as place, Server(place) as server:
        sent = send_hostile(server)
        place.await_lines(sent)
        with open(place.log_file, "rb") as f:
            data = f.read()
        same("bytes that are not plain", set(data) - set(range(0x20, 0x7f)) - {0x0a}, set())
        lines = [parse(line) for line in data.decode().splitlines()]
        for agent, line in zip(AGENTS, lines):
            same("the agent", unescaped(line[6]), agent)
            same("the referer", unescaped(line[5]), agent)
        for target, line in zip(TARGETS, lines[len(AGENTS):]):
            if line[2] != "-" and len(target) < 4000:
                same("the target", unescaped(line[2]), b"GET " + target + b" HTTP/1.1")
            elif line[2] != "-":
                matches("a long target", line[2], r"^GET /a{4000,4100}\.\.\. HTTP/1\.1$")
        same("the last line is whole", data[-1:], b"\n")


@case("json: whatever a client sends, it is an object in UTF-8")
def hostile_json(stage):
    with log_of(stage, "json") as place, Server(place) as server:
        sent = send_hostile(server)
        place.await_lines(sent)
        with open(place.log_file, "rb") as f:
            data = f.read()
        same("control bytes", [c for c in data if c < 0x20 and c != 0x0a or c == 0x7f], [])
        lines = [json.loads(line) for line in data.decode("utf-8").split("\n")[:-1]]
        same("members", {tuple(line) for line in lines}, {tuple(MEMBERS)})
        for agent, line in zip(AGENTS, lines):
            same("the agent", distinct(line["agent"]), distinct(agent.decode("utf-8", "replace")))
            same("the referer", line["referer"], line["agent"])
        for target, line in zip(TARGETS, lines[len(AGENTS):]):
            if line["target"] is not None and len(target) < 4000:
                same("the target", distinct(line["target"]), distinct(target.decode("utf-8", "replace")))


@case("a log that was renamed away, or removed, is begun anew without a signal")
def rotation(stage):
    with log_of(stage) as place, Server(place) as server:
        server.ask("/?name=first")
        place.await_lines(1)
        for turn, away in enumerate((lambda: os.rename(place.log_file, place.log_file + ".1"),
                                     lambda: os.remove(place.log_file))):
            away()
            asked = 0

            def found():
                nonlocal asked
                server.ask(f"/?name=turn{turn}-{asked}")
                asked += 1
                return os.path.exists(place.log_file) and place.lines()
            await_that("a new log", found)
            same("its mode", oct(os.stat(place.log_file).st_mode & 0o777 & ~0o640), "0o0")
            last = f"GET /?name=turn{turn}-{asked - 1} HTTP/1.1"
            await_that("its last line", lambda: [parse(line)[2] for line in place.lines()][-1:] == [last])
            if turn == 0:
                old = [parse(line)[2] for line in place.lines(place.log_file + ".1")]
                new = [parse(line)[2] for line in place.lines()]
                same("all lines", sorted(old + new), sorted(["GET /?name=first HTTP/1.1"] + [
                    f"GET /?name=turn0-{n} HTTP/1.1" for n in range(asked)]))
        await_that("nobody holds the old ones", lambda: held(server, place) == set())


def held(server, place):
    """The logs that a process of the server has open but that are not at their place."""
    found = set()
    for pid in server.serving():
        try:
            names = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue  # it ended meanwhile
        found |= {name for name in names if name.startswith(place.log_file) and name != place.log_file}
    return found


@case("lines of many clients at once are whole, and all are there", crowd=True)
def crowd(stage):
    clients, each = 8, 60
    with log_of(stage) as place, Server(place) as server:
        failures = []

        def client(number):
            try:
                with server.connect() as c:
                    for turn in range(each):
                        c.ask(f"/{number}/{turn}/" + "x" * 500)
            except Exception as e:  # it is told below
                failures.append(e)
        threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        same("failures", failures, [])
        got = sorted(parse(line)[2] for line in place.await_lines(clients * each))
        same("lines", got, sorted(f"GET /{n}/{turn}/{'x' * 500} HTTP/1.1" for n in range(clients)
                                  for turn in range(each)))


@case('"-" is the log of the service')
def service_log(stage):
    with stage.serve([HELLO], 'access_log = "-";') as server:
        server.ask("/?name=Ada", fields=[("User-Agent", 'a"b')])
        await_that("a line", lambda: "/?name=Ada" in server.log())
        line = next(line for line in server.log().splitlines() if "/?name=Ada" in line)
        matches("the line", line, r'info web\[\d+\] 127\.0\.0\.1:\d+: 127\.0\.0\.1 - - \[.*\] '
                r'"GET /\?name=Ada HTTP/1\.1" 200 12 "-" "a\\x22b"$')


@case("a log that cannot be opened ends the start; one that cannot be written to is told of, once")
def failing(stage):
    with stage.place() as place:
        place.config([HELLO], f'access_log = "{place.folder}/none/log";')
        status, said = place.run("serve")
        same("the status", status > 0, True)
        matches("what is said", said, r"none/log: cannot be opened as the access log: No such file")
    if not os.path.exists("/dev/full"):
        return "there is no /dev/full"
    with stage.serve([HELLO], 'access_log = "/dev/full";', may_log="lines of the access log are lost") as server:
        with server.connect() as c:
            for _ in range(5):
                same("it is served all the same", c.ask("/").status, 200)
        await_that("a warning", lambda: "lines of the access log are lost" in server.log())
        same("warnings", server.log().count("lines of the access log are lost"), 1)
    return None
