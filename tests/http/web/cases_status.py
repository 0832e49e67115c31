# SPDX-License-Identifier: MIT
"""web_status: what a running server counts, as a page, as JSON and for Prometheus."""
import contextlib
import html.parser
import json
import os
import re
import socket
import subprocess
import threading

from server import HELLO, Server, await_that, case, matches, same

SAMPLE = re.compile(r'modus_[a-z_]+\{service="[^"\\]*",model="[^"\\]*"\} \d+')


def routes_of(place, control=None):
    return [f'path = "/status"; app = {{ type = "web_status"; control = "{control or place.control}"; }};', HELLO]


@contextlib.contextmanager
def status_server(stage, control=None):
    with stage.place() as place:
        place.config(routes_of(place, control and os.path.join(place.folder, control)))
        with Server(place) as server:
            yield server


def data(server):
    response = server.ask("/status/data")
    same("the status", (response.status, response.get("Content-Type")), (200, "application/json"))
    return json.loads(response.text)


def value(told, name):
    return next(m["values"][0] for m in told["metrics"] if m["name"] == name)


@case("JSON: services, and what each of them counts")
def as_json(stage):
    with status_server(stage) as server:
        first = data(server)
        same("services", first["services"], [{"name": "web", "model": stage.model.split("-")[0]}])
        for metric in first["metrics"]:
            same("members", list(metric), ["name", "type", "help", "values"])
            same(metric["name"], metric["type"], "counter" if metric["name"].endswith("_total") else "gauge")
            same(f"values of {metric}", [type(v) for v in metric["values"]], [int])
        same("up", value(first, "modus_up"), 1)
        for _ in range(3):
            server.ask("/")
        await_that("three more connections, and this one", lambda: value(data(server), "modus_accepted_total")
                   >= value(first, "modus_accepted_total") + 4)
        same("time", data(server)["time"] >= first["time"] > 1.6e9, True)
        same("Cache-Control", server.ask("/status/data").get("Cache-Control"), "no-store")


@case("Prometheus: what modus status --raw prints, with HELP and TYPE for each name")
def metrics(stage):
    with status_server(stage) as server:
        response = server.ask("/status/metrics")
        same("the type", response.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
        named, typed = {}, {}
        same("the last byte", response.text[-1:], "\n")
        for line in response.text.splitlines():
            if found := re.fullmatch(r"# HELP (modus_[a-z_]+) (\S.*)", line):
                named[found[1]] = found[2]
            elif found := re.fullmatch(r"# TYPE (modus_[a-z_]+) (counter|gauge)", line):
                same(line, found[1] in named and found[1] not in typed, True)
                same(line, found[2], "counter" if found[1].endswith("_total") else "gauge")
                typed[found[1]] = found[2]
            else:
                same(f"a sample: {line!r}", bool(SAMPLE.fullmatch(line)), True)
                same(f"its name: {line!r}", line[:line.index("{")] in typed, True)
        raw = subprocess.run([*server.place.modus("status")[:2], "--raw", server.place.path], capture_output=True,
                             text=True, check=True).stdout
        same("names", [line for line in raw.splitlines() if line[:6] in ("# HELP", "# TYPE")],
             [line for line in response.text.splitlines() if line.startswith("#")])
        same("the model's name", f'model="{stage.model.split("-")[0]}"' in response.text, True)


class Table(html.parser.HTMLParser):
    """The rows of the page's table by their ids, and the tags that are open at its end."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.row, self.links, self.ids = {}, None, [], set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids.add(attrs.get("id"))
        if tag == "a":
            self.links.append(attrs["href"])
        if tag == "tr" and "id" in attrs:
            self.row = self.rows.setdefault(attrs["id"], [])
        if tag in ("th", "td") and self.row is not None:
            self.row.append("")

    def handle_endtag(self, tag):
        if tag == "table":
            self.row = None

    def handle_data(self, text):
        if self.row:
            self.row[-1] += text.strip()


@case("the page: all that JSON has, readable without its script")
def page(stage):
    with status_server(stage) as server:
        told = data(server)
        for target in "/status", "/status/":
            response = server.ask(target)
            same("the status", (response.status, response.get("Content-Type")), (200, "text/html; charset=utf-8"))
            matches("the policy", response.get("Content-Security-Policy"), "default-src 'none'")
            table = Table(response.text)
            same("rows", list(table.rows), [m["name"] for m in told["metrics"]])
            for metric in told["metrics"]:
                row = table.rows[metric["name"]]
                same("a row's help", row[-1], metric["help"])
                matches(f"a row's value: {row}", row[1], r"^\d+$")
            same("up", table.rows["modus_up"][1], "1")
            same("links", table.links, ["/status/data", "/status/metrics"])
            same("what the script looks for", "state" in table.ids, True)
            same("what is loaded from elsewhere", re.findall(r'(?:src|href)="(?:https?:)?//', response.text), [])
        for target, status in (("/status/x", 404), ("/status/data/", 404)):
            same(target, server.ask(target).status, status)
        same("POST", server.ask("/status", method="POST").status, 405)


@case("503, with a sentence, where nobody listens")
def nobody(stage):
    with status_server(stage, "none") as server:
        for target in "/status", "/status/data", "/status/metrics":
            response = server.ask(target, fields=[("Accept", "text/plain")])
            same(target, response.status, 503)
            matches(target, response.text, "The control socket cannot be asked: No such file or directory")


class Imposter(threading.Thread):
    """Says something else at a control socket."""

    def __init__(self, path, says=b""):
        super().__init__(daemon=True)
        self.says = says
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        self.start()

    def run(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return  # it is over
            with client, contextlib.suppress(OSError):
                client.sendall(self.says)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.join()
        self.listener.close()


@case("502, with a sentence, where something else is said; names of services are escaped")
def imposters(stage):
    one = b"# HELP modus_up d\n# TYPE modus_up gauge\nmodus_up{service=\"a\",model=\"b\"} 1\n"
    wrong = [b"", b"# EOF\n# EOF\n", b"hello\n# EOF\n", one, one + b"# EOF", one + b"x\n# EOF\n",
             one + b"\x00\n# EOF\n",
             b"modus_up{service=\"a\",model=\"b\"} 1\n# EOF\n", b"# TYPE modus_up gauge\n# EOF\n",
             one + one.replace(b"up", b"x").replace(b'"a"', b'"c"') + b"# EOF\n",
             one + b"# HELP modus_x d\n# TYPE modus_x gauge\n# EOF\n",
             one + b"# HELP modus_x d\n# TYPE modus_y gauge\n# EOF\n", one.replace(b" 1", b" <b>") + b"# EOF\n",
             one.replace(b" 1", b" ") + b"# EOF\n", b"x" * 100000 + b"\n# EOF\n"]
    with status_server(stage, "imposter") as server, Imposter(f"{server.place.folder}/imposter") as imposter:
        for imposter.says in wrong:
            response = server.ask("/status/data", fields=[("Accept", "text/plain")])
            same(f"the status for {imposter.says[:90]!r}", response.status, 502)
            matches("a sentence", response.text, "What the control socket says is not understood")
        imposter.says = one.replace(b'"a"', b'"<b>\'&x"').replace(b" d\n", b" \\ <i>\n") + b"# EOF\n"
        told = data(server)
        same("JSON", told["services"], [{"name": "<b>'&x", "model": "b"}])
        same("JSON", told["metrics"][0]["help"], "\\ <i>")
        text = server.ask("/status").text
        same("HTML", ("<b>" in text, "<i>" in text, "&lt;b&gt;&#39;&amp;x" in text), (False, False, True))


@case("many services: a table that outgrows a buffer")
def many(stage):
    says = "".join(f"# HELP modus_m{chr(97 + m)}_total about\n# TYPE modus_m{chr(97 + m)}_total counter\n" + "".join(
        f'modus_m{chr(97 + m)}_total{{service="s{n}",model="fork"}} {m * n}\n' for n in range(300)) for m in range(26))
    with status_server(stage, "imposter") as server, Imposter(f"{server.place.folder}/imposter",
                                                             says.encode() + b"# EOF\n"):
        told = data(server)
        same("services", len(told["services"]), 300)
        same("values", told["metrics"][25]["values"], [25 * n for n in range(300)])
        same("metrics", server.ask("/status/metrics").text, says)
        table = Table(server.ask("/status").text)
        same("rows", [len(row) for row in table.rows.values()], [302] * 26)
