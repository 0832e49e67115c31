# SPDX-License-Identifier: MIT
"""What a path leads to: never out of the root, never to what is hidden or no regular file."""
import os
import shutil
import socket

from scene import SECRET, case, same

NOBODY = 65534
ESCAPES = [
    "/../secret.txt", "/..", "/../", "/%2e%2e/secret.txt", "/%2E%2e/secret.txt", "/.%2e/secret.txt", "/%2e./secret.txt",
    "/folder/../../secret.txt", "/folder/%2e%2e/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
    "/folder/..%2f..%2fsecret.txt", "/....//secret.txt", "/..;/secret.txt", "/..%00/secret.txt", "/..\\secret.txt",
    "/%5c..%5csecret.txt", "/..%5csecret.txt", "/%c0%ae%c0%ae/secret.txt", "/%c0%2e%c0%2e/secret.txt",
    "/%e0%80%ae%e0%80%ae/secret.txt", "/%uff0e%uff0e/secret.txt", "/%252e%252e/secret.txt", "/%252e%252e%252fsecret.txt",
    "//secret.txt", "///../secret.txt", "//../secret.txt", "/./../secret.txt", "/folder/./../../secret.txt",
    "/folder//../../secret.txt", "/up/secret.txt", "/up/", "/toroot/../secret.txt", "/aliased/../../secret.txt",
    "/outside.txt", "/absolute.txt", "/passwd", "/etc/passwd", "/%2fetc/passwd", "//etc/passwd", "/proc/self/environ",
    "/a.txt%00.html", "/%00", "/folder/%00/../../secret.txt", "/a.txt/../../secret.txt", "/nosuch/../../secret.txt",
    "/\xff\xfe/../../secret.txt", "/~/secret.txt", "/%2e%2e", "/%2e%2e/", "/.%00./secret.txt", "/%0a/../../secret.txt",
]


@case("nothing outside of the root, however it is written")
def traversal(scene):
    for target in ESCAPES:
        reply = scene.get(target.encode("latin-1"))
        same(f"{target!r} is refused", reply.status in (400, 404), True)
        same(f"{target!r} shows nothing", SECRET[:6] in reply.body or b"root:" in reply.body, False)


@case("dot segments within the root")
def dots(scene):
    want = scene.get("/a.txt").body
    for target in "/folder/../a.txt", "/./a.txt", "/folder/%2e%2e/a.txt", "/nosuch/../a.txt", "/folder/sub/../../a.txt":
        reply = scene.get(target)
        same(target, (reply.status, reply.body), (200, want))


@case("symbolic links are followed within the root")
def links_within(scene):
    want = scene.get("/a.txt").body
    for target in "/inside.txt", "/chained.txt", "/folder/upwards.txt":
        reply = scene.get(target)
        same(target, (reply.status, reply.body), (200, want))
    same("to a folder", scene.get("/aliased/only.txt").body, b"only\n")
    same("a loop", scene.get("/loop").status, 404)
    same("to nothing", scene.get("/dangling").status, 404)
    same("an absolute one", scene.get("/absolute-inside.txt").status, 404)


@case("symlinks = none", alone=True)
def no_links(scene):
    site = scene.place(symlinks="none")
    site.put("a.txt", b"a\n")
    site.put("folder/b.txt", b"b\n")
    os.symlink("a.txt", site.path("link.txt"))
    os.symlink("folder", site.path("linked"))
    scene.serve(site)
    same("a file", scene.get("/a.txt").status, 200)
    for target in "/link.txt", "/linked/b.txt", "/linked/", "/linked":
        same(target, scene.get(target).status, 404)


@case("dotfiles are hidden")
def dotfiles(scene):
    for target in "/.hidden", "/%2ehidden", "/.git/config", "/.git/", "/.git", "/folder/.hidden", "/.git/../.hidden":
        same(target, scene.get(target).status, 404)


@case("dotfiles = show", alone=True)
def dotfiles_shown(scene):
    site = scene.place(dotfiles="show", listing=True)
    site.put(".well-known/security.txt", b"here\n")
    site.put(".hidden", b"hidden\n")
    scene.serve(site)
    same("a file", scene.get("/.well-known/security.txt").body, b"here\n")
    same("another", scene.get("/.hidden").body, b"hidden\n")
    same("the listing", b".hidden" in scene.get("/").body, True)


@case("only regular files")
def irregular(scene):
    client = scene.client()
    for target in "/fifo", "/socket", "/fifo/", "/socket/x":
        same(target, client.get(target).status, 404)


@case("files without permission are forbidden", alone=True)
def forbidden(scene):
    site = scene.place(listing=True)
    if os.geteuid() == 0:  # who may read all
        if not shutil.which("setpriv"):
            return "setpriv is not there"
        site.wrap = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    for name in "noread.txt", "noentry/a.txt", "nolist/a.txt", "page.html.en", "noread/index.html":
        site.put(name, b"readable\n")
    for name, mode in ("noread.txt", 0), ("noentry", 0), ("nolist", 0o711), ("noread/index.html", 0), ("page.html.en", 0):
        os.chmod(site.path(name), mode)
    scene.serve(site)
    for target, want in (("/noread.txt", 403), ("/noentry/a.txt", 403), ("/noentry/", 403), ("/noread/", 403),
                         ("/page.html", 403), ("/nolist/a.txt", 200), ("/nolist/", 403), ("/nolist/b.txt", 404)):
        same(target, scene.get(target).status, want)
    return None


@case("a folder is its index")
def index(scene):
    for target, want in ("/", b"<p>root</p>\n"), ("/folder/", b"<p>folder</p>\n"):
        reply = scene.get(target)
        same(target, (reply.status, reply.body, reply.get("Content-Type")), (200, want, "text/html; charset=utf-8"))
        same("its location", reply.get("Content-Location"), None)
    same("without", scene.get("/folder/sub/").status, 403)
    same("no such folder", scene.get("/nosuch/").status, 404)


@case("index: the first that there is", alone=True)
def indexes(scene):
    site = scene.place(index=["home.htm", "index.txt"])
    site.put("index.txt", b"root\n")
    site.put("one/index.txt", b"not this\n")
    site.put("one/home.htm", b"this\n")
    site.put("two/index.html", b"no index here\n")
    os.makedirs(site.path("three/home.htm"))
    site.put("three/index.txt", b"three\n")
    site.put("four/home.htm.en", b"negotiated\n")
    scene.serve(site)
    for target, want in ("/", b"root\n"), ("/one/", b"this\n"), ("/three/", b"three\n"), ("/four/", b"negotiated\n"):
        same(target, scene.get(target).body, want)
    same("none of them", scene.get("/two/").status, 403)
    same("what was negotiated", scene.get("/four/").get("Content-Location"), "/four/home.htm.en")


@case("a folder without its slash is redirected")
def redirects(scene):
    for target, want in (("/folder", "/folder/"), ("/folder?a=b%20c&d", "/folder/?a=b%20c&d"), ("/folder?", "/folder/?"),
                         ("/folder/sub", "/folder/sub/"), ("/aliased", "/aliased/"), ("/a%20b", "/a%20b/"),
                         ("/%C3%BC%3f", "/%C3%BC%3F/"), ("/folder/../folder", "/folder/")):
        reply = scene.get(target)
        same(target, (reply.status, reply.get("Location")), (301, want))
    same("not to elsewhere", scene.get("//folder").status, 404)


@case("mounted on a route", alone=True)
def mounted(scene):
    site = scene.place(listing=True)
    site.mount = "/m n"
    site.put("folder/page.html.de", b"de\n")
    site.put("folder/page.html.en", b"en\n")
    scene.serve(site)
    for target, want in (("/m%20n/folder?a", "/m%20n/folder/?a"), ("/m%20n", "/m%20n/"), ("/m%20n?b/", "/m%20n/?b/")):
        reply = scene.get(target)
        same(target, (reply.status, reply.get("Location")), (301, want))
    reply = scene.get("/m%20n/folder/page.html", "Accept-Language: en")
    same("a location", (reply.body, reply.get("Content-Location")), (b"en\n", "/m%20n/folder/page.html.en"))
    page = scene.get("/m%20n/").body
    same("its title and links", (b"<bdi>/m n/</bdi>" in page, b'href="folder/"' in page, b'"../"' in page),
         (True, True, False))
    for target in "/folder/", "/m%20n/../secret.txt", "/m%20n/%2e%2e/secret.txt", "/m%20n/../../secret.txt":
        same(f"{target}", scene.get(target).status in (400, 404), True)


@case("a file with a slash is none")
def slashes(scene):
    for target in "/a.txt/", "/a.txt/b", "/index.html/", "/folder//only.txt", "/folder/only.txt/", "//", "//a.txt":
        same(target, scene.get(target).status, 404)


@case("names that are too long")
def long_names(scene):
    client = scene.client()
    for target in "/" + "x" * 255, "/" + "x" * 256, "/" + "x" * 3000, "/folder" + "/y" * 1500, "/x." + "y." * 100 + "z":
        same(f"{len(target)} bytes", client.get(target).status, 404)


@case("names with odd bytes")
def odd_names(scene):
    client = scene.client()
    for name, content in scene.site.odd.items():
        target = b"/odd/" + b"".join(b"%%%02x" % byte for byte in name)
        reply = client.get(target)
        same(f"{name!r}", (reply.status, reply.decoded()), (200, content))


@case("other methods")
def methods(scene):
    for method in "POST", "PUT", "DELETE", "PATCH", "FOO":
        reply = scene.client().ask(method, "/a.txt", "Content-Length: 0")
        same(method, reply.status, 501 if reply.status == 501 else 405)
        if reply.status == 405:
            same("Allow", {"GET", "HEAD"} <= set(reply.get("Allow").replace(" ", "").split(",")), True)
    reply = scene.client().ask("OPTIONS", "/a.txt")
    same("OPTIONS", (reply.status in (200, 204), "GET" in reply.get("Allow")), (True, True))


def put_odd_files(site):
    """What is hard to serve; the listing has the same names."""
    names = [b"<b>.txt", b"a&b\"c'.txt", b"%41.txt", b"new\nline.txt", b"\xff\xfe.txt", b"javascript:alert(1).txt",
             "größe.txt".encode(), b"?q#f.txt", b" space .txt", b"back\\slash.txt", b"esc\x1b[2J.txt", b"+plus.txt",
             "\u202eturned.txt".encode(), b"\xc0\xaf.txt", b"a;b=c.txt", b"-", b"...", b"'", b"<script>alert(1)</script>"[:8]]
    site.odd = {name: b"odd: " + name.hex().encode() + b"\n" for name in names if not name.startswith(b".")}
    for name, content in site.odd.items():
        site.put(b"odd/" + name, content)


def put_paths(site):
    site.put("a.txt", b"".join(b"line %d of a\n" % i for i in range(400)))
    site.put("index.html", b"<p>root</p>\n")
    site.put("folder/index.html", b"<p>folder</p>\n")
    site.put("folder/only.txt", b"only\n")
    for name in "folder/sub", "a b", "ü?":
        os.makedirs(site.path(name))
    for name in ".hidden", ".git/config", "folder/.hidden":
        site.put(name, b"hidden\n")
    for link, to in (("inside.txt", "a.txt"), ("chained.txt", "inside.txt"), ("folder/upwards.txt", "../a.txt"),
                     ("aliased", "folder"), ("outside.txt", "../secret.txt"), ("up", ".."), ("toroot", "."),
                     ("absolute.txt", os.path.join(site.folder, "secret.txt")), ("passwd", "/etc/passwd"),
                     ("absolute-inside.txt", os.path.join(site.root, "a.txt")), ("loop", "loop"), ("dangling", "nosuch")):
        os.symlink(to, site.path(link))
    os.mkfifo(site.path("fifo"))
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(site.path("socket"))
    put_odd_files(site)
