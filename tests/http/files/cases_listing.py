# SPDX-License-Identifier: MIT
"""Listings of directories: what is in them, whatever it is called."""
import datetime
import html.parser
import json
import os
import urllib.parse

from cases_paths import put_paths
from scene import case, same


class Page(html.parser.HTMLParser):
    """The links of a page, each with its text; and all of its elements."""

    def __init__(self, text):
        super().__init__()
        self.links, self.tags, self.within = [], set(), False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "a":
            self.links.append([dict(attrs)["href"], ""])
            self.within = True

    def handle_endtag(self, tag):
        self.within = self.within and tag != "a"

    def handle_data(self, data):
        if self.within:
            self.links[-1][1] += data


KNOWN_TAGS = {"html", "meta", "title", "style", "h1", "bdi", "table", "thead", "tbody", "tr", "th", "td", "a", "time"}


def listed(scene, target="/list/"):
    reply = scene.get(target)
    same("the reply", (reply.status, reply.get("Content-Type"), "accept" in reply.vary),
         (200, "text/html; charset=utf-8", True))
    return Page(reply.body.decode("utf-8"))


def serve_list(scene, **settings):
    site = scene.place(listing=True, **settings)
    put_paths(site)
    for name, size in ("b.txt", 5), ("a.txt", 2048), ("zz/x.txt", 1), ("Cc/x.txt", 1), ("deep/er/x.txt", 1), (".h", 1):
        os.utime(site.put("list/" + name, b"x" * size), (1700000000, 1700000000))
    os.mkfifo(site.path("list/fifo"))
    os.symlink("../a.txt", site.path("list/link"))
    os.symlink("../folder", site.path("list/linked"))
    os.symlink("../../secret.txt", site.path("list/out"))
    scene.serve(site)
    return site


@case("a listing: folders first, links, no dotfiles, nothing that is not served", alone=True)
def listing(scene):
    serve_list(scene)
    page = listed(scene)
    same("links", [link for link, _ in page.links],
         ["../", "Cc/", "deep/", "linked/", "zz/", "a.txt", "b.txt", "link"])
    same("elements", page.tags - KNOWN_TAGS, set())
    for link, _ in page.links:
        same(link, scene.get(f"/list/{link}").status, 200)
    same("the root has no parent", "../" in [link for link, _ in listed(scene, "/odd/../zz/../list/../list/").links], True)
    same("an index goes before it", scene.get("/folder/").body, b"<p>folder</p>\n")
    same("HEAD", scene.client().ask("HEAD", "/list/").status, 200)


@case("a listing in JSON", alone=True)
def listing_json(scene):
    serve_list(scene)
    for accept in "application/json", "text/html;q=0.5, application/json":
        reply = scene.get("/list/", f"Accept: {accept}")
        same(accept, (reply.status, reply.get("Content-Type")), (200, "application/json"))
    told = json.loads(reply.body)
    same("the path", (told["path"], told["complete"]), ("/list/", True))
    same("names", [e["name"] for e in told["entries"]], ["Cc", "deep", "linked", "zz", "a.txt", "b.txt", "link"])
    entry = {e["name"]: e for e in told["entries"]}["a.txt"]
    when = datetime.datetime.fromtimestamp(1700000000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    same("an entry", entry, {"name": "a.txt", "href": "a.txt", "type": "file", "size": 2048, "modified": when})
    same("HTML else", scene.get("/list/", "Accept: image/png").get("Content-Type"), "text/html; charset=utf-8")


@case("hostile names in a listing", alone=True)
def hostile(scene):
    site = serve_list(scene, negotiate=False)
    page = listed(scene, "/odd/")
    same("elements", page.tags - KNOWN_TAGS, set())
    same("as many as there are", len(page.links), len(site.odd) + 1)
    for link, text in page.links[1:]:
        same(f"{link}: only what needs no escape", set(link) <= set("%-._~") | set(map(chr, b"0123456789"))
             | set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"), True)
        name = urllib.parse.unquote_to_bytes(link)
        same(f"{name!r} is there", scene.get(f"/odd/{link}").decoded(), site.odd[name])
        same(f"{name!r} in print", all(c.isprintable() or ord(c) > 0x9f for c in text), True)
        if name.isascii() and name.decode().isprintable():
            same("the text", text, name.decode())
    told = json.loads(scene.get("/odd/", "Accept: application/json").body)
    same("JSON", sorted(e["href"] for e in told["entries"]), sorted(link for link, _ in page.links[1:]))


@case("a listing of 3,000 files", alone=True)
def long_listing(scene):
    site = scene.place(listing=True)
    for i in range(3000):
        site.put(f"file-{i:04}.txt", b"")
    scene.serve(site)
    same("links", [link for link, _ in listed(scene, "/").links], [f"file-{i:04}.txt" for i in range(3000)])
    told = json.loads(scene.get("/", "Accept: application/json").body)
    same("JSON", len(told["entries"]), 3000)

__all__ = ["put_odd_files"]
