# SPDX-License-Identifier: MIT
"""wget, which mirrors a tree and takes downloads up, and nc, which knows nothing of HTTP."""
import json
import os
import time

import tree
from kit import case, parse, run, same, true
from serving import PATIENCE, read

WGET = ("wget", "--no-config", "--no-proxy", "--tries=1", f"--timeout={PATIENCE:g}", "-nv")
WHOLE = ("-r", "-l", "inf", "-np", "-nH", "-e", "robots=off", "--restrict-file-names=nocontrol", "--no-iri")


def found(folder):
    """What lies there, by its path."""
    out = {}
    for where, _, names in os.walk(folder):
        out |= {os.path.relpath(os.path.join(where, name), folder): read(where, name) for name in names}
    return out


def check_mirror(site, folder):
    """Each file came; what came beside them are the pages of directories."""
    want, got = {path: data for path, data in site.files.items() if path.startswith("tree/")}, found(folder)
    lacking = sorted(want.keys() - got.keys())
    same("files that did not come", lacking[:5], [])
    same("files that are others", [path for path, data in want.items() if got[path] != data][:5], [])
    parts = [path.split("/") for path in want]
    pages = {"/".join([*words[:i], "index.html"]) for words in parts for i in range(1, len(words))}
    same("what came beside files and listings", sorted(got.keys() - want.keys() - pages)[:5], [])


@case("wget -r: a tree is mirrored byte for byte", "wget")
def mirror(site):
    out, began = site.scratch(), time.monotonic()
    run(*WGET, *WHOLE, "-P", out, site.url("/tree/"), seconds=6 * PATIENCE)
    count = sum(path.startswith("tree/") for path in site.files)
    print(f"# {count} files: {time.monotonic() - began:.1f} s")
    check_mirror(site, out)


@case("wget -N: a mirror is not fetched again, but for what was changed", "wget")
def again(site):
    out = site.scratch()
    part = [path for path in site.files if path.startswith("tree/d0/s0/")]
    words = (*WGET, *WHOLE, "-N", "-P", out, site.url("/tree/d0/s0/"))
    run(*words)
    true("want the dates of the files", {int(os.path.getmtime(os.path.join(out, path))) for path in part} == {tree.OLD})
    with open(os.path.join(out, part[0]), "wb") as f:
        f.write(b"older\n")
    os.utime(os.path.join(out, part[0]), (tree.OLD - 60, tree.OLD - 60))
    _, told = run(*words)
    got = found(out)
    same("files that are others", [path for path in part if got[path] != site.files[path]], [])
    names = {os.path.basename(path) for path in part if f"/{os.path.basename(path)} " in told}
    same("what was fetched again", names, {os.path.basename(part[0])})


@case("wget -c: half a download is taken up", "wget")
def resume(site):
    out = site.scratch()
    with open(os.path.join(out, "big.bin"), "wb") as f:
        f.write(site.files["big.bin"][:1_234_567])
    run(*WGET, "-c", "-P", out, site.url("/big.bin"))
    true("the file is another one", read(out, "big.bin") == site.files["big.bin"])
    last = json.loads(site.logged()[-1])
    same("what was sent", (last["target"], last["status"], last["bytes"]), ("/big.bin", 206, 3_000_000 - 1_234_567))


@case("wget: a redirect is followed, an error is status 8", "wget")
def follows(site):
    out = site.scratch()
    run(*WGET, "-O", os.path.join(out, "page"), site.url("/dir"))
    same("the index", read(out, "page"), site.files["dir/index.html"])
    run(*WGET, "-O", os.path.join(out, "none"), site.url("/nowhere"), status=8)


# ---- By hand ----

def by_hand(site, text, *options):
    return run("nc", *options, site.host, str(site.port), stdin=text.encode())[0]


@case("nc: HTTP/1.0 by hand, without a Host", "nc")
def by_nc(site):
    for options in ((), ("-N",)):  # with it, nc says that nothing more comes
        reply, rest = parse(by_hand(site, "GET /small.txt HTTP/1.0\r\n\r\n", *options))
        same("what follows", rest, b"")
        reply.holds("HTTP/1.0", 200, site.files["small.txt"])
        reply, rest = parse(by_hand(site, "HEAD /big.bin HTTP/1.0\r\n\r\n", *options), "HEAD")
        same("HEAD: status, length, what follows", (reply.status, reply.field("Content-Length"), rest),
             (200, "3000000", b""))
        reply, rest = parse(by_hand(site, "GET /probe/write?n=50000 HTTP/1.0\r\n\r\n", *options))
        same("until the end", (reply.status, len(reply.body), rest), (200, 50_000, b""))
        parse(by_hand(site, "GET /nowhere HTTP/1.0\r\n\r\n", *options))[0].holds("nothing", 404)


@case("nc: HTTP/1.0 with keep-alive serves another request", "nc")
def kept_by_nc(site):
    first, rest = parse(by_hand(site, "GET /small.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                                      "GET /hello HTTP/1.0\r\n\r\n"))
    first.holds("the first", 200, site.files["small.txt"])
    true("want it told", (first.field("Connection") or "").lower() == "keep-alive", str(first.headers))
    second, rest = parse(rest)
    same("the second, and what follows", (second.body, rest), (b"Hello, world!\n", b""))


@case("nc: what is no HTTP/1.1 is refused, and the connection ends", "nc")
def refused_by_nc(site):
    wrong = [("GET /small.txt HTTP/1.1\r\n\r\n", 400), ("GET /small.txt\r\n\r\n", 400), ("hello\r\n\r\n", 400),
             ("GET  /small.txt HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /small.txt HTTP/1.1\nHost: a\n\n", 400),
             ("GET /small.txt HTTP/2.0\r\nHost: a\r\n\r\n", 505)]
    if site.model != "iterative":  # which waits for nobody who still sends
        wrong += [(f"GET /{'x' * 50_000} HTTP/1.1\r\nHost: a\r\n\r\n", 414),
                  (f"GET / HTTP/1.1\r\nHost: a\r\nX: {'x' * 50_000}\r\n\r\n", 431)]
    for text, status in wrong:
        reply, rest = parse(by_hand(site, text, "-N"))
        same(f"{text[:40]!r}: status, and what follows", (reply.status, rest), (status, b""))
        same("the connection", reply.field("Connection"), "close")
