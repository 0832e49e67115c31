# SPDX-License-Identifier: MIT
"""curl: what one transfer asks for, and what it gets."""
import email
import os
import re
import time
import zlib

import tree
from kit import Failure, among, case, run, same, true
from serving import CURL, read


@case("curl: GET has the file, its length, type, date and validators", "curl")
def get(site):
    reply, _ = site.curl("/big.bin")
    reply.holds("/big.bin", 200, site.files["big.bin"], Content_Length="3000000", Accept_Ranges="bytes",
                Last_Modified="Sun, 13 Sep 2020 12:26:40 GMT")
    true("want a strong ETag", re.fullmatch(r'"[^"]+"', reply.field("ETag") or ""), str(reply.headers))
    true("want a date", reply.field("Date"))
    for name, kind in (("small.txt", "text/plain"), ("style.css", "text/css"), ("image.png", "image/png"),
                       ("index.html", "text/html"), ("script.js", "text/javascript|application/javascript")):
        reply, _ = site.curl(f"/{name}")
        reply.holds(name, 200, site.files[name])
        true(f"{name}: want {kind}", re.match(kind, reply.field("Content-Type") or ""), str(reply.headers))
    site.curl("/empty.txt")[0].holds("/empty.txt", 200, b"", Content_Length="0")


@case("curl: HEAD has the fields of GET and no body", "curl")
def head(site):
    for path in ("/big.bin", "/text.txt", "/list/", "/hello"):
        whole, _ = site.curl(path)
        reply, _ = site.curl("-I", path)
        same(f"HEAD {path}: status and bytes", (reply.status, reply.known["size_download"]), (200, 0))
        for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Vary"):
            same(f"HEAD {path}: {name}", reply.field(name), whole.field(name))
    reply, _ = site.curl("-I", "/nowhere")
    same("HEAD of nothing", (reply.status, reply.known["size_download"]), (404, 0))


@case("curl -r: one range is these bytes", "curl")
def one_range(site):
    data = site.files["big.bin"]
    for asked, first, last in (("0-0", 0, 0), ("0-99", 0, 99), ("1000000-1999999", 1_000_000, 1_999_999),
                               ("2999990-", 2_999_990, 2_999_999), ("-10", 2_999_990, 2_999_999),
                               ("2999999-4000000", 2_999_999, 2_999_999), ("-4000000", 0, 2_999_999)):
        reply, _ = site.curl("-r", asked, "/big.bin")
        reply.holds(f"-r {asked}", 206, data[first:last + 1], Content_Range=f"bytes {first}-{last}/3000000",
                    Content_Length=str(last + 1 - first))
    site.curl("-r", "3000000-", "/big.bin")[0].holds("a range behind the end", 416, Content_Range="bytes */3000000")
    site.curl("-r", "0-5", "/empty.txt")[0].holds("a range of nothing", 416, Content_Range="bytes */0")


@case("curl -r: several ranges are parts, each with its bytes", "curl")
def several_ranges(site):
    data = site.files["big.bin"]
    reply, _ = site.curl("-r", "0-9,1000-1999,2900000-2900999,-1", "/big.bin")
    reply.holds("several", 206, Content_Range=None, Content_Length=str(len(reply.body)))
    kind = reply.field("Content-Type")
    whole = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + reply.body)
    true("want parts", whole.is_multipart(), kind)
    # email has its own view of line ends, so parts are cut by hand, and only counted and described by it.
    boundary = b"\r\n--" + whole.get_boundary().encode()
    pieces = (b"\r\n" + reply.body).split(boundary)
    same("what ends the parts", pieces[-1].strip(), b"--")
    got = []
    for piece in pieces[1:-1]:
        top, _, body = piece.partition(b"\r\n\r\n")
        first, last = map(int, re.search(rb"(?i)Content-Range: bytes (\d+)-(\d+)/3000000", top).groups())
        true(f"bytes of {first}-{last}", body == data[first:last + 1])
        got.append((first, last))
    same("the parts", got, [(0, 9), (1000, 1999), (2_900_000, 2_900_999), (2_999_999, 2_999_999)])


@case("curl -C -: half a download is taken up, and is the file", "curl")
def resume(site):
    for have in (1, 1_500_000, 2_999_999):
        path = os.path.join(site.scratch(), "big.bin")
        with open(path, "wb") as f:
            f.write(site.files["big.bin"][:have])
        said, _ = run(*CURL, "-C", "-", "-o", path, "-w", "%{http_code} %{size_download}", site.url("/big.bin"))
        same("status, and bytes that still came", said.decode(), f"206 {3_000_000 - have}")
        true("the file is another one", read(path) == site.files["big.bin"])


@case("curl --limit-rate: a client that reads slowly has all of it", "curl")
def slow(site):
    site.curl("--limit-rate", "3M", "/big.bin")[0].holds("/big.bin", 200, site.files["big.bin"])


@case("curl --compressed: gzip", "curl")
def gzip(site):
    compressed(site, "gzip")


@case("curl --compressed: br", "curl")
def br(site):
    if b"brotli" not in run("curl", "-q", "--version")[0]:
        return "this curl does not know br"
    return compressed(site, "br")


def compressed(site, coding):
    """What is compressed now, and what lies there compressed."""
    for name in ("text.txt", "coded.css"):
        plain, _ = site.curl(f"/{name}")
        plain.holds(f"{name} as it is", 200, site.files[name], Content_Encoding=None)
        reply, _ = site.curl("--compressed", "-H", f"Accept-Encoding: {coding}", f"/{name}")
        reply.holds(f"{name}, {coding}", 200, site.files[name], Content_Encoding=coding)
        true("want another ETag of other bytes", reply.field("ETag") != plain.field("ETag"), plain.field("ETag"))
        true("want what it went by", "accept-encoding" in (reply.field("Vary") or "").lower(), str(reply.headers))
        if name == "coded.css":
            ending = {"gzip": ".gz", "br": ".br"}[coding]
            raw, _ = site.curl("-H", f"Accept-Encoding: {coding}", f"/{name}")
            raw.holds(f"{name}{ending}", 200, site.files[name + ending])
        else:
            true("want fewer bytes", reply.known["size_download"] < len(site.files[name]) / 2, reply.known)
    reply, _ = site.curl("--compressed", f"/{name}")
    among("a coding that curl offers", reply.field("Content-Encoding"), ("gzip", "br"))
    reply.holds("whatever curl offers", 200, site.files[name])
    reply, _ = site.curl("--compressed", "-H", "Accept-Encoding: identity", f"/{name}")
    reply.holds("none", 200, site.files[name], Content_Encoding=None)


@case("curl -z: what is no newer is not sent", "curl")
def since(site):
    for when, status in (("13 Sep 2020 12:26:40 GMT", 304), ("1 Jan 2021", 304), ("13 Sep 2020 12:26:39 GMT", 200),
                         ("-1 Jan 2021", 200), ("-13 Sep 2020 12:26:39 GMT", 412)):
        reply, _ = site.curl("-z", when, "/small.txt")
        same(f"-z '{when}'", reply.status, status)
        if status == 304:
            same("bytes of a 304", reply.known["size_download"], 0)
    copy = os.path.join(site.scratch(), "copy")
    run(*CURL, "-R", "-o", copy, site.url("/small.txt"))
    same("the date that -R gives to the copy", int(os.path.getmtime(copy)), tree.OLD)
    same("-z of the copy", site.curl("-z", copy, "/small.txt")[0].status, 304)


@case("curl --etag-compare: what --etag-save saved is 304", "curl")
def etags(site):
    saved = os.path.join(site.scratch(), "etag")
    site.curl("--etag-save", saved, "/big.bin")[0].holds("at first", 200, site.files["big.bin"])
    true("want it saved", read(saved).strip().startswith(b'"'), read(saved))
    again, _ = site.curl("--etag-save", saved, "--etag-compare", saved, "/big.bin")
    same("again: status and bytes", (again.status, again.known["size_download"]), (304, 0))
    same("another file with that ETag", site.curl("--etag-compare", saved, "/small.txt")[0].status, 200)


@case("curl --http1.0: the connection ends where the response does", "curl")
def old(site):
    for path, size in (("/big.bin", 3_000_000), ("/small.txt", 13), ("/probe/write?n=100000", 100_000)):
        reply, told = site.curl("--http1.0", path)
        same(f"{path}: status and length", (reply.status, len(reply.body)), (200, size))
        same("no chunks", reply.field("Transfer-Encoding"), None)
        true("want the end", re.search(r"(?i)closing connection", told), told)


@case("curl: a body of unknown length comes in chunks", "curl")
def chunks(site):
    reply, _ = site.curl("/probe/write?n=1000000")
    reply.holds("a million bytes", 200, b"0123456789" * 100_000, Transfer_Encoding="chunked", Content_Length=None)


@case("curl: a response that is cut is told from a whole one", "curl")
def cut(site):
    for path, status in (("/probe/cut?n=100000", 18), ("/probe/cut?n=10&length=20", 18)):
        _, told = site.curl(path, status=None)
        code = re.search(r"curl: \((\d+)\)", told)
        same(f"{path}: what curl ends with", code and int(code.group(1)), status)


# ---- Uploads ----

def big_body(site, size=2_000_000):
    path = os.path.join(site.scratch(), "body")
    with open(path, "wb") as f:
        f.write(tree.some_bytes(size, 7))
    return path, f"body {size} {zlib.adler32(tree.some_bytes(size, 7)):08x}"


@case("curl -T: an upload to a file is refused with 405 and what is allowed", "curl")
def upload(site):
    path, _ = big_body(site)
    for how in ((), ("-H", "Expect:"), ("-H", "Expect: 100-continue")):  # without waiting, the body is on its way
        reply, told = site.curl("-T", path, *how, "/small.txt")
        same(f"{how}: status", reply.status, 405)
        methods = set(re.findall(r"[A-Z]+", reply.field("Allow") or ""))
        true("want GET and HEAD, and not PUT", {"GET", "HEAD"} <= methods and "PUT" not in methods, told)
    site.curl("/small.txt")[0].holds("the file", 200, site.files["small.txt"])


@case("curl: Expect: 100-continue is heard by an application, and by one that refuses", "curl")
def expect(site):
    path, tally = big_body(site)
    waiting = ("--expect100-timeout", "1000", "-H", "Expect: 100-continue", "--data-binary", f"@{path}")
    reply, told = site.curl(*waiting, "/probe/echo")
    same("status", reply.status, 200)
    true("want 100 before", "HTTP/1.1 100 Continue" in told, told)
    true(f"want {tally}", tally in reply.body.decode().splitlines(), reply.body)
    reply, told = site.curl(*waiting, "/hello")
    same("refused: status, and bytes that were sent", (reply.status, reply.known["size_upload"]), (405, 0))
    true("want no 100 before", "100 Continue" not in told, told)
    large, _ = big_body(site, 5_000_000)
    reply, told = site.curl(*waiting[:-1], f"@{large}", "/probe/echo")
    same("too large: status, and bytes that were sent", (reply.status, reply.known["size_upload"]), (413, 0))
    reply, told = site.curl("--http1.0", "--expect100-timeout", "0.1", *waiting[2:], "/probe/echo")
    true("want no 100 before a response to HTTP/1.0", reply.status == 200 and "100 Continue" not in told, told)


@case("curl: bodies arrive whole, with a length and in chunks", "curl")
def bodies(site):
    path, tally = big_body(site)
    for words in (("--data-binary", f"@{path}"), ("-T", path), ("-T", "-")):
        with open(path, "rb") as f:
            reply, _ = site.curl(*words, "-H", "Expect:", "/probe/echo", stdin=f.read() if words[1] == "-" else b"")
        same(f"{words}: status", reply.status, 200)
        lines = reply.body.decode().splitlines()
        true(f"{words}: want {tally}", tally in lines, lines)
        true("want the length", ("length -1" if words[1] == "-" else "length 2000000") in lines, lines)


@case("curl -F: a form with a file is taken apart", "curl")
def form(site):
    path, tally = big_body(site, 100_000)
    reply, _ = site.curl("-F", "word=Grüße", "-F", f"file=@{path};filename=a.bin;type=image/png", "/probe/part")
    lines = reply.body.decode().splitlines()
    same("the word", lines[:5], ["part word", "filename (none)", "type text/plain", word_tally("Grüße"),
                                 "data " + "Grüße".encode().hex()])
    same("the file", lines[5:9], ["part file", "filename a.bin", "type image/png", tally.replace("body", "value")])
    reply, _ = site.curl("--data-urlencode", "word=Grüße & mehr", "-d", "b=", "/probe/part")
    lines = reply.body.decode().splitlines()
    same("pairs", [line for line in lines if line.startswith(("part", "value"))],
         ["part word", word_tally("Grüße & mehr"), "part b", word_tally("")])


def word_tally(word):
    return f"value {len(word.encode())} {zlib.adler32(word.encode()):08x}"


@case("curl: OPTIONS, of one resource and of all", "curl")
def options(site):
    reply, _ = site.curl("-X", "OPTIONS", "/small.txt")
    among("status", reply.status, (200, 204))
    true("want GET allowed", "GET" in (reply.field("Allow") or ""), str(reply.headers))
    reply, _ = site.curl("-X", "OPTIONS", "--request-target", "*", "/")
    among("status of *", reply.status, (200, 204))


# ---- Many transfers ----

@case("curl: three URLs go over one connection", "curl")
def reuse(site):
    out = site.scratch()
    words = [word for i in (1, 2, 3) for word in ("-o", f"{out}/{i}", site.url(f"/pages/{i}.txt"))]
    said, told = run(*CURL, "-v", "-w", "%{num_connects}\n", *words)
    same("new connections of each", said.split(), [b"1", b"0", b"0"])
    same("what -v says", len(re.findall(r"(?i)re-?using existing", told)), 2)
    for i in (1, 2, 3):
        true(f"page {i}", read(out, str(i)) == site.files[f"pages/{i}.txt"])


@case("curl: a hundred URLs go over one connection", "curl")
def hundred(site):
    out = site.scratch()
    said, _ = run(*CURL, "-w", "%{num_connects} %{http_code}\n", "-o", f"{out}/#1", site.url("/pages/[0-99].txt"))
    same("connections and statuses", said.split(b"\n"), [b"1 200"] + [b"0 200"] * 99 + [b""])
    for i in range(100):
        true(f"page {i}", read(out, str(i)) == site.files[f"pages/{i}.txt"])


@case("curl -Z: a hundred URLs at once", "curl", crowd=True)
def parallel(site):
    out = site.scratch()
    said, _ = run(*CURL, "-Z", "--parallel-max", "8", "-w", "%{http_code}\n", "-o", f"{out}/#1",
                  site.url("/pages/[0-99].txt"))
    same("statuses", said.count(b"200\n"), 100)
    for i in range(100):
        true(f"page {i}", read(out, str(i)) == site.files[f"pages/{i}.txt"])


@case("curl: clients that leave in the middle do no harm", "curl")
def leaves(site):
    for _ in range(5):
        run(*CURL, "--max-filesize", "1000", "-o", "/dev/null", site.url("/big.bin"), status=63)
        run("sh", "-c", '"$@" | head -c 1000 >/dev/null', "sh", *CURL, site.url("/big.bin"), status=None)
    site.curl("/small.txt")[0].holds("afterwards", 200, site.files["small.txt"])


@case("curl --path-as-is: no path leads out of the root", "curl")
def traversal(site):
    true("want something to be found outside", os.path.exists(os.path.join(site.root, "..", "secret")))
    steps = ("..", "%2e%2e", ".%2e", "%2E.", "..%2f..", "..%2F.", "..%5c..", "..;", "%252e%252e", "%c0%ae%c0%ae",
             "..%00", "%2e%2e%2f%2e%2e")
    for step in steps:
        for path in (f"/{step}/secret", f"/dir/{step}/{step}/secret", f"/dir/sub/{step}/{step}/{step}/secret",
                     f"//{step}/secret", f"/{step}%2fsecret", f"/./{step}/./secret", f"/list/{step}/{step}//secret",
                     f"/unlisted/{step}/{step}/secret", f"/unlisted/{step}/small.txt/../../../secret"):
            reply, _ = site.curl("--path-as-is", path)
            among(f"{path}: status", reply.status, (301, 400, 403, 404))
            if b"nobody is to see this" in reply.body:
                raise Failure(f"{path}: leads out of the root")
    reply, _ = site.curl("--path-as-is", "/../../../../../../etc/passwd")
    among("status", reply.status, (400, 403, 404))
    site.curl("--path-as-is", "/dir/../list/./one.txt")[0].holds("dots within", 200, b"1\n")


@case("curl: what begins with a dot is not shown", "curl")
def hidden(site):
    among("status", site.curl("/.hidden")[0].status, (403, 404))
    true("want it in no listing", b"hidden" not in site.curl("/list/")[0].body)


@case("curl: 200 transfers one after another, each on its own connection", "curl")
def once(site):
    began = time.monotonic()
    said, _ = run(*CURL, "-H", "Connection: close", "-w", "%{num_connects} %{http_code}\n", "-o", "/dev/null",
                  site.url("/small.txt?[1-200]"))
    same("connections and statuses", set(said.split(b"\n")), {b"1 200", b""})
    print(f"# 200 connections: {time.monotonic() - began:.2f} s")
