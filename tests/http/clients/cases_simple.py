# SPDX-License-Identifier: MIT
"""What CPython's tests expect of http.server's SimpleHTTPRequestHandler, of what replaces it: written anew.

Where HTTP says otherwise the difference is told: If-None-Match: * is true of a file that is there (RFC 9110
13.1.2), where CPython ignores it, and a target begins with a slash (RFC 9112 3.2.1), or the request is refused.
"""
import email.utils
import html
import html.parser
import os
import urllib.parse

import tree
from kit import among, case, parse, same, true
from serving import await_that


def unchanged(site, **headers):
    return site.ask("/small.txt", headers={name.replace("_", "-"): value for name, value in headers.items()}).status


@case("SimpleHTTP: a browser's cache: If-Modified-Since, in each form of a date")
def modified_since(site):
    last = site.ask("/small.txt").field("Last-Modified")
    same("the date", last, email.utils.formatdate(tree.OLD, usegmt=True))
    for when in (last, email.utils.formatdate(tree.OLD + 3600, usegmt=True), "Sunday, 13-Sep-20 12:26:40 GMT",
                 "Sun Sep 13 12:26:40 2020"):
        same(f"since {when}", unchanged(site, If_Modified_Since=when), 304)
    for when in (email.utils.formatdate(tree.OLD - 1, usegmt=True),
                 email.utils.formatdate(tree.OLD - 365 * 86400, usegmt=True)):
        same(f"since {when}", unchanged(site, If_Modified_Since=when), 200)


@case("SimpleHTTP: a date that is none is ignored")
def invalid_dates(site):
    for when in ("", "yesterday", "0", "1600000000", "Sun, 13 Sep 2020", "Sun, 99 Sep 2020 12:26:40 GMT",
                 "Sun, 13 Foo 2030 12:26:40 GMT", "Sun, 13 Sep 2030 25:26:40 GMT", "2030-09-13T12:26:40Z",
                 "Sun, 13 Sep 2030 12:26:40", "Sun, 13 Sep 2030 12:26:40 +0000", "x" * 1000):
        same(f"since {when!r}", unchanged(site, If_Modified_Since=when), 200)


@case("SimpleHTTP: with If-None-Match, If-Modified-Since is ignored")
def none_match(site):
    reply = site.ask("/small.txt")
    etag, later = reply.field("ETag"), email.utils.formatdate(tree.OLD + 3600, usegmt=True)
    for match, status in ((etag, 304), (f"W/{etag}", 304), (f'"a", {etag}, "b"', 304), ("*", 304), ('"another"', 200),
                          (f'"{etag[1:-1]}x"', 200)):
        same(f"If-None-Match: {match}", unchanged(site, If_None_Match=match), status)
        same("and a date", unchanged(site, If_None_Match=match, If_Modified_Since=later), status)
    raw = site.talk(f"GET /small.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIf-None-Match: {etag}\r\n\r\n"
                    .encode())
    reply, rest = parse(raw)
    same("a 304: its status, its ETag, what follows", (reply.status, reply.field("ETag"), rest), (304, etag, b""))


@case("SimpleHTTP: a file that was changed is sent anew")
def changed(site):
    path = os.path.join(site.root, "changing.txt")
    before = site.ask("/changing.txt")
    with open(path, "wb") as f:
        f.write(b"second, and longer\n")
    conditions = {"If-None-Match": before.field("ETag"), "If-Modified-Since": before.field("Last-Modified")}
    await_that("the new file", lambda: site.ask("/changing.txt", headers=conditions).status == 200)
    after = site.ask("/changing.txt", headers=conditions).holds("the new one", 200, b"second, and longer\n")
    true("want another ETag", after.field("ETag") != before.field("ETag"), after.field("ETag"))
    os.remove(path)
    await_that("it gone", lambda: site.ask("/changing.txt").status == 404)


@case("SimpleHTTP: a directory without its slash is redirected with 301, and keeps its query")
def redirected(site):
    for path, want in (("/list", "/list/"), ("/list?hi=1", "/list/?hi=1"), ("/list?", "/list/?"), ("/dir", "/dir/"),
                       ("/list?a=%3Cb%3E&c=%2F", "/list/?a=%3Cb%3E&c=%2F"), ("/list/in?x", "/list/in/?x"),
                       ("/unlisted/in?x", "/unlisted/in/?x"), ("/%6cist", "/list/")):
        reply = site.ask(path).holds(path, 301)
        target = urllib.parse.urljoin(site.url(path), reply.field("Location"))
        among(f"{path}: where to", target, (site.url(want), site.url(want).rstrip("?"), site.url(path + "/")))
        site.ask(path, "HEAD").holds(f"HEAD {path}", 301, b"", Location=reply.field("Location"))
    site.ask("/list/?hi=2").holds("with its slash", 200)
    site.ask("/list/?x=%bb").holds("with a query that is no text", 200)
    site.ask("/list/one.txt?a=1&b").holds("a file with a query", 200, b"1\n")
    site.ask("/list/one.txt/").holds("a file with a slash", 404)


@case("SimpleHTTP: no path that begins with slashes redirects to another host")
def open_redirects(site):
    for path in ("//list", "///list", "////list", "//evil.example/../list", "//evil.example/%2e%2e/list",
                 "///evil.example/../list", "/%2fevil.example/../list", "//evil.example/..%2flist",
                 "/\\evil.example/../list", "/%5cevil.example/../list", "//evil.example/%0a%0d/../../list",
                 "/evil.example/..%2f..%2f..%2f%0a%0d/../list", "//evil.example:80/../list", "//evil.example@/../list",
                 "//%65vil.example/../dir", "/%09/evil.example/../list", "//list/in", "//unlisted/in", "/unlisted//in",
                 "/unlisted///evil.example/../in", "//evil.example/../../../list"):
        head = f"GET {path} HTTP/1.1\r\nHost: {site.host}:{site.port}\r\nConnection: close\r\n\r\n"
        reply, _ = parse(site.talk(head.encode()))
        among(f"{path}: status", reply.status, (200, 301, 400, 404))
        if reply.status == 301:
            where = reply.field("Location")
            true(f"{path}: want no host", not where.replace("\\", "/").lstrip("\t\r\n ").startswith("//"), where)
            target = urllib.parse.urlsplit(urllib.parse.urljoin(site.url("/"), where))
            same(f"{path}: the host of {where}", target.netloc, f"{site.host}:{site.port}")
            site.ask(where if where.startswith("/") else target.path).holds(f"{path}: what {where} is", 200)


@case("SimpleHTTP: index.html is what a directory is, where it is a file")
def indexes(site):
    site.ask("/").holds("the root", 200, site.files["index.html"])
    reply = site.ask("/dir/").holds("/dir/", 200, site.files["dir/index.html"])
    same("its type", reply.headers.get_content_type(), "text/html")
    site.ask("/dir/index.html").holds("/dir/index.html", 200, site.files["dir/index.html"])
    reply = site.ask("/spam/").holds("/spam/", 200)
    true("want a listing", b"index.html/" in reply.body, reply.body)


class Links(html.parser.HTMLParser):
    """Where the links of a page lead, with what stands on them."""

    def __init__(self, page):
        super().__init__()
        self.links, self.tags, self.text, self.within = [], set(), "", False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "a":
            self.within = True
            self.links.append([dict(attrs).get("href"), ""])

    def handle_endtag(self, tag):
        self.within = self.within and tag != "a"

    def handle_data(self, data):
        self.text += data
        if self.within:
            self.links[-1][1] += data


def listed(site, path):
    reply = site.ask(path).holds(path, 200)
    same("its type", (reply.headers.get_content_type(), reply.headers.get_content_charset()), ("text/html", "utf-8"))
    return Links(reply.body.decode("utf-8", errors="strict"))


def below(site, base, href):
    """The path on the server that a link leads to, if it does."""
    target = urllib.parse.urlsplit(urllib.parse.urljoin(site.url(base), href))
    same(f"the host of {href}", (target.scheme, target.netloc), ("http", f"{site.host}:{site.port}"))
    return target.path


@case("SimpleHTTP: a listing has each name, escaped, and a link that leads there")
def listings(site):
    page = listed(site, "/names/")
    among("tags of names", page.tags & {"b", "script", "i"}, (set(),))
    contents = {}
    for href, _ in page.links:
        path = below(site, "/names/", href)
        if path.startswith("/names/") and path != "/names/":
            contents[site.ask(path).holds(f"the link {href}", 200).body] = href
    for name in tree.ODD + tree.RAW:
        true(f"want a link to {name!r}", os.fsencode(name) in contents, contents)
    for name in tree.ODD:
        true(f"want {name!r} shown", any(text.strip() == name for _, text in page.links), page.links)
    links = dict(listed(site, "/list/").links)
    true("want directories with their slash", "in/" in links, links)
    true("want what is within", {"one.txt", "two.txt"} <= {text.strip() for text in links.values()}, links)
    page = listed(site, "/" + urllib.parse.quote('<i>&"') + "/")
    true("want the title escaped", "i" not in page.tags and '<i>&"' in page.text, page.text)


@case("SimpleHTTP: names that are no text can be asked for")
def undecodable(site):
    for name in tree.RAW:
        path = "/names/" + urllib.parse.quote(os.fsencode(name))
        site.ask(path).holds(path, 200, os.fsencode(name))
    site.ask("/names/%ff%fe%81.txt").holds("a name that is not there", 404)


@case("SimpleHTTP: HEAD says what GET would, of all that there is")
def head(site):
    for path in ("/", "/small.txt", "/list/", "/unknown.zzyzx", "/nowhere", "/empty.txt"):
        want = site.ask(path)
        raw = site.talk(f"HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        reply, rest = parse(raw, "HEAD")
        same(f"HEAD {path}: status, length, type, what follows",
             (reply.status, reply.field("Content-Length"), reply.field("Content-Type"), rest),
             (want.status, str(len(want.body)), want.field("Content-Type"), b""))


@case("SimpleHTTP: methods that there are not are refused with 405 or 501")
def methods(site):
    for method in ("FOO", "custom", "GETs", "get", "Get", "PUT", "DELETE", "PATCH", "POST", "TRACE", "PROPFIND"):
        reply = site.ask("/small.txt", method)
        among(f"{method}: status", reply.status, (405, 501))
        if reply.status == 405:
            true("want what is allowed", "GET" in (reply.field("Allow") or ""), str(reply.headers))
    for method in ("FOO", "GETs", "custom", "get"):
        same(f"{method}: status", site.ask("/small.txt", method).status, 501)


@case("SimpleHTTP: the target has to be a path, or an address with one")
def targets(site):
    for target, status in (("small.txt", 400), ("/small.txt", 200), (site.url("/small.txt"), 200),
                           ("http://a/small.txt", 200), ("*", 400), ("", 400), ("/small.txt#part", 400), ("/%", 400),
                           ("/%4", 400), ("/%gg", 400), ("/small%2etxt", 200), ("/%00small.txt", 400)):
        raw = site.talk(f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        same(f"GET {target}", parse(raw)[0].status, status)


@case("SimpleHTTP: what is not for all is not sent")
def closed(site):
    if os.geteuid() == 0:
        return "root may read everything"
    os.chmod(os.path.join(site.root, "closed"), 0)
    os.chmod(os.path.join(site.root, "closed.txt"), 0)
    for path in ("/closed/", "/closed/file.txt", "/closed.txt"):
        among(f"{path}: status", site.ask(path).status, (403, 404))
    return None


@case("SimpleHTTP: what a page of an error quotes is escaped")
def escaped(site):
    tag = "<script>alert(1)</script>"
    for path in (f"/{tag}", "/%3Cscript%3Ealert(1)%3C/script%3E", f"/nowhere?{tag}", f"/{tag}/../nowhere",
                 f"/list/{tag}/"):
        for form in ("text/html", "*/*", "application/problem+json"):
            reply = site.ask(path, headers={"Accept": form})
            among(f"{path}: status", reply.status, (400, 404))
            plain = reply.headers.get_content_type() != "text/html"
            true(f"{path}: want no tag", plain or b"<script" not in reply.body, reply.body)
    where = site.ask(f"/list?{tag}", headers={"Accept": "text/html"})
    true("want no tag in a redirect", b"<script" not in where.body, where.body)
