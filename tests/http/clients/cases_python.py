# SPDX-License-Identifier: MIT
"""Python's http.client and urllib: connections that are kept, bodies in pieces, redirects, errors."""
import concurrent.futures
import urllib.error
import urllib.parse
import urllib.request
import zlib

import tree
from kit import Failure, Reply, among, case, parse, same, true

PIECES = [tree.some_bytes(n, n) for n in (1, 2, 4095, 4096, 4097, 100_000, 300_000, 3)]


def answer(connection):
    response = connection.getresponse()
    return Reply(response.status, response.headers, response.read(), response.version)


@case("http.client: a connection serves requests of all kinds")
def keeps(site):
    connection = site.connect()
    connection.connect()
    sock = connection.sock
    for i in range(20):
        connection.request("GET", f"/pages/{i}.txt")
        answer(connection).holds("a page", 200, site.files[f"pages/{i}.txt"])
        connection.request("HEAD", "/big.bin")
        answer(connection).holds("HEAD", 200, b"", Content_Length="3000000")
        connection.request("GET", "/nowhere")
        answer(connection).holds("nothing", 404)
        connection.request("GET", "/small.txt", headers={"If-None-Match": "*"})
        answer(connection).holds("unchanged", 304, b"")
        connection.request("GET", "/big.bin", headers={"Range": f"bytes={i}-{i + 99}"})
        answer(connection).holds("a range", 206, site.files["big.bin"][i:i + 100])
        connection.request("POST", "/probe/echo", body=b"x" * i)
        true("want the body", f"body {i} " in answer(connection).body.decode())
        connection.request("DELETE", "/small.txt")
        answer(connection).holds("DELETE", 405)
        connection.request("GET", "/list")
        answer(connection).holds("a directory", 301)
    true("want one connection for all", connection.sock is sock)


@case("http.client: chunked bodies arrive whole, and a request may follow")
def chunked(site):
    connection = site.connect()
    whole = b"".join(PIECES)
    for _ in range(3):
        connection.request("POST", "/probe/echo", body=iter(PIECES), encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})
        lines = answer(connection).holds("chunked", 200).body.decode().splitlines()
        true("want the body", f"body {len(whole)} {zlib.adler32(whole):08x}" in lines and "length -1" in lines, lines)
        connection.request("POST", "/probe/echo", body=iter(()), encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})
        true("want none", "body 0 00000001" in answer(connection).holds("an empty one", 200).body.decode())
    connection.request("GET", "/small.txt")
    answer(connection).holds("what follows", 200, site.files["small.txt"])


@case("http.client: Connection: close is done, and what HTTP/1.1 keeps it keeps")
def closes(site):
    connection = site.connect()
    connection.request("GET", "/small.txt", headers={"Connection": "close"})
    response = connection.getresponse()
    same("the field", response.getheader("Connection"), "close")
    same("the body", response.read(), site.files["small.txt"])
    true("want it closed", connection.sock is None)
    connection.request("GET", "/small.txt")
    response = connection.getresponse()
    true("want it kept", not response.will_close, str(response.headers))
    response.read()


@case("http.client: responses of unknown length, pipelined requests, nothing between them")
def pipelined(site):
    request = "GET {} HTTP/1.1\r\nHost: a\r\n\r\n"
    paths = ["/small.txt", "/probe/write?n=50000", "/big.bin", "/probe/write?n=0", "/nowhere", "/empty.txt"] * 5
    last = "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    rest = site.talk(("".join(map(request.format, paths)) + last).encode())
    sizes = {"/probe/write?n=50000": 50_000, "/probe/write?n=0": 0}
    for path in paths:
        reply, rest = parse(rest)
        if path == "/nowhere":
            reply.holds(path, 404)
        else:
            same(path, (reply.status, len(reply.body)), (200, sizes.get(path, len(site.files.get(path[1:], b"")))))
    reply, rest = parse(rest)
    same("the last one, and what follows", (reply.body, rest), (b"Hello, world!\n", b""))


@case("http.client: many clients, each with its own files", crowd=True)
def crowd(site):
    def client(number):
        connection = site.connect()
        for i in range(20):
            path = f"/pages/{(number * 7 + i) % 100}.txt" if i % 5 else "/big.bin"
            connection.request("GET", path, headers={"X-Client": str(number)})
            answer(connection).holds(path, 200, site.files[path[1:]])
        connection.close()

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(client, range(16)))


# ---- urllib ----

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # none, whoever runs the tests


def fetch(site, path, body=None, **headers):
    request = urllib.request.Request(site.url(path), body, {k.replace("_", "-"): v for k, v in headers.items()})
    return OPENER.open(request, timeout=20)


def refused(site, path, status, body=None, **headers):
    try:
        with fetch(site, path, body, **headers) as response:
            raise Failure(f"{path}: want {status}, got {response.status}")
    except urllib.error.HTTPError as e:
        with e:
            same(f"{path}: status", e.code, status)
            return Reply(e.code, e.headers, e.read())


@case("urllib: files, and the directories that redirects lead to")
def follows(site):
    with fetch(site, "/big.bin") as response:
        true("the file", response.read() == site.files["big.bin"])
    for path, want in (("/dir", "/dir/"), ("/list?a=1&b=%C3%BC", "/list/?a=1&b=%C3%BC"), ("/dir/sub", "/dir/sub/"),
                       ("/%3Ci%3E&%22", "/%3Ci%3E&%22/")):
        with fetch(site, path) as response:
            same(f"{path}: status", response.status, 200)
            same("where it led", urllib.parse.unquote(response.url), urllib.parse.unquote(site.url(want)))
    with fetch(site, "/dir") as response:
        same("its index", response.read(), site.files["dir/index.html"])


@case("urllib: what is refused has a status and a page")
def errors(site):
    for path in ("/nowhere", "/nowhere/", "/small.txt/", "/dir/nowhere.txt", "/unlisted/none"):
        page = refused(site, path, 404)
        true("want a page that says so", b"404" in page.body, page.body)
        true("want it typed", page.field("Content-Type"), str(page.headers))
    true("want what is allowed", "GET" in refused(site, "/small.txt", 405, b"a body").field("Allow"))
    true("want HTML", b"<title>404 " in refused(site, "/nowhere", 404, Accept="text/html").body)
    page = refused(site, "/nowhere", 404, Accept="application/problem+json")
    same("the type of a problem", page.field("Content-Type"), "application/problem+json")
    among("a directory without index and listing", refused(site, "/unlisted/", 403).status, (403,))
    refused(site, "/small.txt", 412, If_Match='"another"')
    refused(site, "/small.txt", 416, Range="bytes=1000-")
    refused(site, "/small.txt", 304, If_Modified_Since="Sun, 13 Sep 2020 12:26:40 GMT")


@case("urllib: forms are posted")
def posts(site):
    form = urllib.parse.urlencode([("a", "1"), ("ü", "ö & ä"), ("a", "")]).encode()
    with fetch(site, "/probe/part", form) as response:
        lines = response.read().decode().splitlines()
    same("the names", [line for line in lines if line.startswith("part ")], ["part a", "part \\xc3\\xbc", "part a"])
    same("the values", [line[5:] for line in lines if line.startswith("data ")], ["31", "ö & ä".encode().hex(), ""])


@case("urllib: what an application greets with")
def greets(site):
    with fetch(site, "/hello?" + urllib.parse.urlencode({"name": "Ada <&> Grüße"})) as response:
        same("the greeting", response.read().decode(), "Hello, Ada <&> Grüße!\n")
        same("its type", response.headers.get_content_type(), "text/plain")
