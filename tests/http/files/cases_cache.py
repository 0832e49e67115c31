# SPDX-License-Identifier: MIT
"""What is kept in memory: never stale beyond its time, whole, bounded; many clients; descriptors."""
import glob
import os
import threading
import time

from board import Failure, await_that
from client import Client
from model import etag_of
from scene import case, same

VALID = 0.3


def rewrite(site, name, content):
    """In place, so that inode and size may stay what they were."""
    with open(site.path(name), "r+b") as f:
        f.write(content)
        f.truncate()


@case("a changed file is not served stale beyond cache_valid", alone=True)
def stale(scene):
    site = scene.place(cache_valid=VALID, compress_min="1")
    site.put("a.txt", b"version 0000\n")
    scene.serve(site)
    client = scene.client()
    for i in range(1, 8):
        client.get("/a.txt")
        rewrite(site, "a.txt", b"version %04d\n" % i)
        changed = time.monotonic()
        for fields in [], ["Accept-Encoding: gzip"], ["Accept-Encoding: br"]:
            await_that("its time to be over", lambda: time.monotonic() - changed > VALID)
            reply = client.get("/a.txt", *fields)
            same("the version", reply.decoded(), b"version %04d\n" % i)
            same("its tag", reply.get("ETag"), etag_of(site.path("a.txt"), reply.get("Content-Encoding")))


@case("within cache_valid the memory answers", alone=True)
def remembered(scene):
    site = scene.place(cache_valid=600)
    site.put("a.txt", b"first\n")
    scene.serve(site)
    client = scene.client()
    same("before", client.get("/a.txt").body, b"first\n")
    rewrite(site, "a.txt", b"other\n")
    reply = client.get("/a.txt")
    same("after", reply.body, b"first\n")
    same("not there", client.get("/b.txt").status, 404)
    site.put("b.txt", b"b\n")
    same("still not there", client.get("/b.txt").status, 404)


@case("cache_valid = 0: never stale, at the same size, in the same tick", alone=True)
def never_stale(scene):
    site = scene.place(cache_valid=0)
    site.put("a.txt", b"%06d" % 0)
    scene.serve(site)
    client = scene.client()
    tags = set()
    for i in range(1, 60):
        rewrite(site, "a.txt", b"%06d" % i)
        reply = client.get("/a.txt")
        same("the content", reply.body, b"%06d" % i)
        tags.add(reply.get("ETag"))
        if i % 2:
            same("again", client.get("/a.txt").body, b"%06d" % i)
    same("as many tags as contents", len(tags), 59)


@case("cache_valid = 0: what comes and goes", alone=True)
def comes_and_goes(scene):
    site = scene.place(cache_valid=0, cache=0)
    site.put("page.html.en", b"en\n")
    scene.serve(site)
    client = scene.client()
    same("one", client.get("/page.html", "Accept-Language: de").body, b"en\n")
    site.put("page.html.de", b"de\n")
    same("two", client.get("/page.html", "Accept-Language: de").body, b"de\n")
    os.remove(site.path("page.html.en"))
    same("the other", client.get("/page.html", "Accept-Language: en").body, b"de\n")
    os.remove(site.path("page.html.de"))
    same("none", client.get("/page.html").status, 404)
    site.put("page.html/index.html", b"folder\n")
    same("a folder", client.get("/page.html").status, 301)


@case("a file that goes while it is known is not an error", alone=True)
def gone(scene):
    site = scene.place(cache_valid=600, cache_file="1")
    site.put("a.txt", b"not kept\n")
    scene.serve(site)
    client = scene.client()
    same("there", client.get("/a.txt").status, 200)
    os.remove(site.path("a.txt"))
    same("gone", client.get("/a.txt").status, 404)


@case("files are replaced while they are served", crowd=True, alone=True)
def replaced(scene):
    site = scene.place(cache_valid=0)
    versions = [bytes([c]) * 20000 for c in b"abcdefgh"]
    site.put("a.txt", versions[0])
    scene.serve(site)
    done = threading.Event()

    def replace():
        i = 0
        while not done.is_set():
            i += 1
            site.put("next", versions[i % len(versions)])
            os.replace(site.path("next"), site.path("a.txt"))

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        client = scene.client()
        seen = {}
        for i in range(150):
            reply = client.get("/a.txt", *(["Accept-Encoding: gzip"] if i % 3 == 0 else []))
            same("it is there", reply.status, 200)
            body = reply.decoded()
            same("it is one of them", body in versions, True)
            if not reply.get("ETag").startswith("W/"):
                same("one content for a tag", seen.setdefault(reply.get("ETag"), body) == body, True)
    finally:
        done.set()
        writer.join()


def crowd(address, jobs, check):
    """Runs check(client, job) for all jobs in as many threads; the first failure is raised."""
    failures = []

    def run(job):
        try:
            client = Client(address)
            try:
                check(client, job)
            finally:
                client.close()
        except Exception as e:  # told below
            failures.append(e)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@case("many clients at once", crowd=True, alone=True)
def many(scene):
    site = scene.place(cache="256K", cache_file="32K", cache_valid=0.05)
    contents = {f"{i}.txt": (b"%d " % i) * (i * 200 + 1) for i in range(40)}
    for name, content in contents.items():
        site.put(name, content)
    scene.serve(site)

    def check(client, job):
        for i in range(60):
            name = f"{(i * 7 + job) % len(contents)}.txt"
            coding = ["Accept-Encoding: gzip", "Accept-Encoding: br", "X: y"][(i + job) % 3]
            reply = client.get("/" + name, coding)
            same(name, (reply.status, reply.decoded() == contents[name]), (200, True))

    crowd(scene.service.address, range(24), check)


def descriptors(service):
    found = 0
    for pid in service.serving():
        try:
            found += len(os.listdir(f"/proc/{pid}/fd"))
        except FileNotFoundError:
            pass  # it ended
    return found


@case("no descriptor is left open", alone=True)
def leaks(scene):
    site = scene.place(listing=True, cache_file="1K", cache_valid=0.01)
    site.put("a.txt", b"x" * 3000)
    site.put("big.bin", b"x" * 900000)
    site.put("folder/b.html.de", b"x" * 3000)
    os.mkfifo(site.path("fifo"))
    scene.serve(site)

    def round_of(n):
        for i in range(n):
            client = scene.client()
            for target in "/a.txt", "/big.bin", "/folder/", "/folder/b.html", "/fifo", "/nosuch", "/folder", "/a.txt/":
                client.get(target, "Accept-Encoding: gzip", "Accept-Language: fr")
                client.ask("HEAD", target)
                client.get(target, "Range: bytes=5-7")
                client.get(target, "If-None-Match: *")
            client.send("GET", "/big.bin")
            client.close()
            scene.clients.remove(client)

    round_of(3)
    settled = []

    def steady():
        settled.append(descriptors(scene.service))
        return len(settled) > 10 and len(set(settled[-10:])) == 1

    await_that("the number of descriptors to be steady", steady)
    before = settled[-1]
    round_of(20)
    try:
        await_that("as many descriptors as before", lambda: descriptors(scene.service) <= before)
    except Failure as e:
        links = [os.readlink(fd) for pid in scene.service.serving() for fd in glob.glob(f"/proc/{pid}/fd/*")]
        raise Failure(f"{e}: {before} before, now: {sorted(links)}") from None


@case("settings that are wrong are refused", alone=True)
def refused(scene):
    for settings, word in (({"root": "/nonexistent"}, "/nonexistent"), ({"root": ""}, "root"), ({"index": ["a/b"]}, "a/b"),
                           ({"index": [".a"]}, ".a"), ({"charset": "a;b"}, "a;b"), ({"language": "d_e"}, "d_e"),
                           ({"compress_min": "2M"}, "compress_min"), ({"cache_control": [("*", "a\u00e4")]}, "cache_control"),
                           ({"dotfiles": "maybe"}, "maybe"), ({"types": "/"}, "/")):
        site = scene.place(**settings)
        try:
            scene.serve(site)
        except Failure as e:
            same(f"{settings} is named in {e}", word in str(e), True)
            continue
        raise Failure(f"it serves with {settings}")
