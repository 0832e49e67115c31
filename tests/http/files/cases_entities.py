# SPDX-License-Identifier: MIT
"""A file as a representation: its fields, validators, preconditions and ranges."""
import email.utils
import os

from model import date_of, etag_of, ranges_of
from scene import case, same

BIG = bytes(os.urandom(1000)) * 400  # more than is kept in memory
FILES = {"small.txt": b"small\n", "image.png": os.urandom(3000), "big.bin": BIG, "empty.txt": b"",
         "style.css": b"p { }\n", "page.json": b"{}\n", "noext": b"?\n", "UPPER.TXT": b"upper\n", "a.b.unknown": b"x\n",
         "doc.pdf": b"%PDF\n", "pack.gz": b"\x1f\x8b not really", "two.js": b"//\n", "perl.pl": b"1;\n",
         "lib.min.js": b";\n", "koi.koi8-r.txt": b"\xc0\n"}
TYPES = {"small.txt": "text/plain; charset=utf-8", "image.png": "image/png", "big.bin": "application/octet-stream",
         "style.css": "text/css; charset=utf-8", "page.json": "application/json", "noext": "application/octet-stream",
         "UPPER.TXT": "text/plain; charset=utf-8", "a.b.unknown": "application/octet-stream",
         "doc.pdf": "application/pdf", "pack.gz": "application/gzip", "two.js": "text/javascript; charset=utf-8",
         "perl.pl": "text/x-perl; charset=utf-8", "lib.min.js": "text/javascript; charset=utf-8",
         "koi.koi8-r.txt": "text/plain; charset=koi8-r"}


def put_entities(site):
    for name, content in FILES.items():
        site.put(name, content)
    for name in "same1.txt", "same2.txt":
        os.utime(site.put(name, b"equal\n"), ns=(10**18, 10**18))


@case("bytes, types, lengths")
def types(scene):
    client = scene.client()
    for name, content in FILES.items():
        reply = client.get("/" + name)
        same(name, (reply.status, reply.get("Content-Length"), reply.body == content), (200, str(len(content)), True))
        same(f"{name}: its type", reply.get("Content-Type"), TYPES.get(name, "text/plain; charset=utf-8"))
        same(f"{name}: no coding", (reply.get("Content-Encoding"), reply.get("Content-Language")), (None, None))


@case("validators are those of the file")
def validators(scene):
    client = scene.client()
    for name in FILES:
        for _ in range(2):  # once from the file, once from memory
            reply = client.get("/" + name)
            want = etag_of(scene.site.path(name)), date_of(scene.site.path(name)), "bytes"
            same(name, (reply.get("ETag"), reply.get("Last-Modified"), reply.get("Accept-Ranges")), want)


@case("two files of equal size and time have different ETags")
def equal_files(scene):
    one, other = scene.get("/same1.txt"), scene.get("/same2.txt")
    same("the time", one.get("Last-Modified"), other.get("Last-Modified"))
    same("the tags differ", one.get("ETag") != other.get("ETag"), True)


@case("no Last-Modified in the future, nor before 1970")
def odd_times(scene):
    client = scene.client()
    for name, when in ("future.txt", 2**32), ("ancient.txt", -5):
        os.utime(scene.site.put(name, b"odd\n"), (when, when))
        reply = client.get("/" + name)
        date = email.utils.parsedate_to_datetime(reply.get("Date"))
        told = reply.get("Last-Modified")
        same(name, told is None or email.utils.parsedate_to_datetime(told) <= date, True)
        same("its tag", reply.get("ETag"), etag_of(scene.site.path(name)))


@case("HEAD is GET without the body")
def head(scene):
    client = scene.client()
    for target in ["/" + name for name in FILES] + ["/", "/nosuch", "/folder"]:
        got, headed = client.get(target), client.ask("HEAD", target)
        fields = [[f for f in reply.fields if f[0].lower() != "date"] for reply in (got, headed)]
        same(target, (headed.status, fields[1]), (got.status, fields[0]))


@case("ranges")
def ranges(scene):
    client = scene.client()
    for name in "small.txt", "image.png", "big.bin":
        content = FILES[name]
        for field, part in ranges_of(len(content)):
            reply = client.get("/" + name, f"Range: {field}")
            if part is None:
                same(f"{name} {field}", (reply.status, reply.get("Content-Range")), (416, f"bytes */{len(content)}"))
                continue
            want = 206, f"bytes {part[0]}-{part[1] - 1}/{len(content)}", True
            same(f"{name} {field}", (reply.status, reply.get("Content-Range"), reply.body == content[slice(*part)]), want)
            same("its tag", reply.get("ETag"), etag_of(scene.site.path(name)))
        reply = client.get("/" + name, "Range: bytes=x-y")
        same("malformed", (reply.status, reply.body == content), (200, True))
    same("of nothing", client.get("/empty.txt", "Range: bytes=0-").status, 416)


@case("several ranges")
def several(scene):
    reply = scene.get("/big.bin", "Range: bytes=0-9,1000-1009,-5")
    kind, _, boundary = reply.get("Content-Type").partition("; boundary=")
    same("the type", (reply.status, kind), (206, "multipart/byteranges"))
    parts = reply.body.split(b"--" + boundary.strip('"').encode())[1:-1]
    bodies = [part.split(b"\r\n\r\n", 1)[1][:-2] for part in parts]
    same("the parts", bodies, [BIG[:10], BIG[1000:1010], BIG[-5:]])


@case("If-Range")
def if_range(scene):
    etag, date = (scene.get("/image.png").get(name) for name in ("ETag", "Last-Modified"))
    old = "Thu, 01 Jan 1998 00:00:00 GMT"
    os.utime(scene.site.path("small.txt"), (10**9, 10**9))
    for value, want in (etag, 206), ("W/" + etag, 200), ('"other"', 200), (old, 200):
        reply = scene.get("/image.png", "Range: bytes=0-3", f"If-Range: {value}")
        same(f"{value}", (reply.status, len(reply.body)), (want, 4 if want == 206 else 3000))
    same("a date", date is not None, True)


@case("preconditions")
def preconditions(scene):
    client = scene.client()
    path = scene.site.path("image.png")
    etag, date = etag_of(path), date_of(path)
    past, future = "Thu, 01 Jan 1998 00:00:00 GMT", "Fri, 01 Jan 2049 00:00:00 GMT"
    for fields, want in (([f"If-None-Match: {etag}"], 304), ([f"If-None-Match: W/{etag}"], 304),
                         (["If-None-Match: *"], 304), (['If-None-Match: "other"'], 200),
                         ([f'If-None-Match: "other", {etag}'], 304), ([f"If-Modified-Since: {date}"], 304),
                         ([f"If-Modified-Since: {past}"], 200),
                         (['If-None-Match: "other"', f"If-Modified-Since: {date}"], 200),
                         ([f"If-Match: {etag}"], 200), (["If-Match: *"], 200), (['If-Match: "other"'], 412),
                         ([f"If-Match: W/{etag}"], 412), ([f"If-Unmodified-Since: {past}"], 412),
                         ([f"If-Unmodified-Since: {future}"], 200), ([f"If-Unmodified-Since: {date}"], 200),
                         ([f"If-Match: {etag}", f"If-None-Match: {etag}"], 304)):
        for target in "/image.png", "/image.png":
            reply = client.get(target, *fields)
            same(f"{fields}", reply.status, want)
            if want == 304:
                same("its fields", (reply.get("ETag"), reply.get("Content-Length")), (etag, None))


@case("a 304 has the fields of a 200", alone=True)
def unchanged(scene):
    site = scene.place(cache_control=[("*.html", "max-age=60"), ("/static/*", "max-age=31536000, immutable"), ("*", "no-cache")])
    site.put("page.html.en", b"<p>en</p>\n")
    site.put("page.html.de", b"<p>de</p>\n")
    site.put("static/deep/a.css", b"a{}\n")
    scene.serve(site)
    reply = scene.get("/page.html", "Accept-Language: de")
    again = scene.get("/page.html", "Accept-Language: de", f"If-None-Match: {reply.get('ETag')}")
    same("the status", again.status, 304)
    for name in "ETag", "Vary", "Cache-Control", "Content-Location":
        same(name, again.get(name), reply.get(name))
    same("what is there", (reply.get("Cache-Control"), reply.get("Content-Location")), ("max-age=60", "/page.html.de"))
    for target, want in ("/static/deep/a.css", "max-age=31536000, immutable"), ("/page.html.de", "no-cache"):
        same(target, scene.get(target).get("Cache-Control"), want)
    same("what is not there", scene.get("/nosuch.html").get("Cache-Control"), None)


@case("without a mime.types file a short list is known", alone=True)
def built_in(scene):
    site = scene.place(charset="")
    site.types = "/nonexistent/mime.types"
    site.put("a.html", b"a\n")
    site.put("a.svg", b"<svg/>\n")
    scene.serve(site)
    same("it is said once", scene.service.log().count("/nonexistent/mime.types"), 1)
    same("html", scene.get("/a.html").get("Content-Type"), "text/html")
    same("svg", scene.get("/a.svg").get("Content-Type"), "image/svg+xml")
