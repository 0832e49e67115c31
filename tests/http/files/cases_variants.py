# SPDX-License-Identifier: MIT
"""Negotiation: languages, types, charsets and encodings, what is compressed before and while it is sent."""
import gzip
import itertools
import re

from client import decode
from model import Variant, choose, differing, etag_of, with_codings
from scene import case, same

TEXT = b"".join(b"a line of text, number %d\n" % i for i in range(200))
LANGUAGES = [None, "en", "de", "de-CH", "fr", "*", "en, de", "de;q=0.5, en;q=0.6", "en;q=0.6, de;q=0.5", "fr, de;q=0.1",
             "de-AT", "en;q=0, *", "EN", "fr, *;q=0.2", "de-CH-1996, en;q=0.3"]
ENCODINGS = [None, "gzip", "br", "gzip, br", "identity", "gzip;q=0.5, br;q=0.4", "*", "br;q=0, *", "gzip;q=0", "GZIP",
             "deflate", "identity;q=0.1, gzip;q=0.2", "gzip;q=0.001", "x-gzip"]
TYPES = [None, "*/*", "text/html", "application/json", "text/*, application/json;q=0.5", "text/plain;q=0.3, */*;q=0.2",
         "image/webp, */*;q=0.8", "application/*", "text/html;q=0, */*"]


def named(name, **traits):
    return Variant(name=name, **traits)


# The name that is asked for, and what there is for it.
SETS = {
    "/neg/page.html": [named("page.html.en", type="text/html", language="en"),
                       named("page.html.de", type="text/html", language="de"),
                       named("page.html.de-CH", type="text/html", language="de-CH")],
    "/neg/exact.html": [named("exact.html", type="text/html"), named("exact.de.html", type="text/html", language="de"),
                        named("exact.html.en", type="text/html", language="en")],
    "/neg/kind": [named("kind.html", type="text/html"), named("kind.json", type="application/json"),
                  named("kind.txt", type="text/plain")],
    "/neg/both": [named("both.en.html", type="text/html", language="en"), named("both.html.de", type="text/html", language="de"),
                  named("both.txt.en", type="text/plain", language="en")],
    "/neg/coded.html": [named("coded.html.de", type="text/html", language="de"),
                        named("coded.html.de.gz", type="text/html", language="de", encoding="gzip"),
                        named("coded.en.html.gz", type="text/html", language="en", encoding="gzip")],
    "/neg/spanish.js": [named("spanish.js", type="text/javascript"),
                        named("spanish.js.es", type="text/javascript", language="es")],
    "/neg/only.html": [named("only.html.fr", type="text/html", language="fr")],
    "/neg/sets.txt": [named("sets.txt.latin1", type="text/plain", charset="iso-8859-1"),
                      named("sets.txt.utf8", type="text/plain", charset="utf-8")],
    "/pre/a.txt": [named("a.txt", type="text/plain"), named("a.txt.br", type="text/plain", encoding="br"),
                   named("a.txt.gz", type="text/plain", encoding="gzip")],
    "/pre/noext": [named("noext"), named("noext.gz", encoding="gzip")],
    "/pre/fly.css": [named("fly.css", type="text/css")],
    "/pre/short.css": [named("short.css", type="text/css")],
    "/pre/gone.txt": [named("gone.txt.gz", type="text/plain", encoding="gzip")],
}
for _target, _variants in SETS.items():  # the order in which they are found
    _variants.sort(key=lambda v, wanted=_target.rpartition("/")[2]: (v.name != wanted, v.name))
BR = bytes([0x0b, 0x00, 0x80, 0x41, 0x03])  # "A", for libraries that decode only


def content_of(folder, v):
    plain = b"A" if v.encoding == "br" else (f"{folder} {v.type} {v.language} {v.charset}\n".encode() * 3)
    if folder == "pre" and v.name.split(".")[0] != "short" and v.encoding != "br":
        plain = TEXT
    return BR if v.encoding == "br" else gzip.compress(plain, mtime=0) if v.encoding else plain


def put_variants(site):
    for target, variants in SETS.items():
        folder = target.split("/")[1]
        for v in variants:
            content = content_of(folder, v)
            v.path, v.size = site.put(f"{folder}/{v.name}", content), len(content)
    for name in "page.html.bak", "page.html.en.orig", "page.txt", "pages.html.fr", "page.html.", "page..html", "page.html.en.de":
        site.put("neg/" + name, b"NOT A VARIANT\n")
    site.put("neg/page.html.fr/index.html", b"NOT A VARIANT\n")


def decoded_name(v):
    return re.sub(r"\.(gz|br)(?=\.|$)", "", v.name) if v.encoding and not v.made else v.name


def check(reply, target, variants, chosen, what):
    if not chosen:
        same(f"{what}: the status", reply.status, 406)
        return
    same(f"{what}: the status", reply.status, 200)
    same(f"{what}: language, encoding, type", (reply.get("Content-Language"), reply.get("Content-Encoding"),
         reply.get("Content-Type")), (chosen.language, chosen.encoding, chosen.content_type))
    same(f"{what}: the tag", reply.get("ETag"), etag_of(chosen.path, chosen.encoding))
    folder, _, wanted = target.rpartition("/")
    location = None if decoded_name(chosen) == wanted else f"{folder}/{decoded_name(chosen)}"
    same(f"{what}: the location", reply.get("Content-Location"), location)
    same(f"{what}: Vary", reply.vary, differing(variants))
    with open(chosen.path, "rb") as f:
        content = f.read()
    if chosen.made:
        same(f"{what}: the coded body", decode(reply.body, chosen.encoding) == content, True)
    else:
        same(f"{what}: the body", reply.body == content, True)


def matrix(scene, target, default=""):
    client = scene.client()
    variants = with_codings(SETS[target])
    fields = ("Accept-Language", LANGUAGES), ("Accept-Encoding", ENCODINGS), ("Accept", TYPES)
    if any(v.charset for v in variants):
        fields += ("Accept-Charset", [None, "iso-8859-1", "utf-8", "UTF-8;q=0.5, *;q=0.6", "koi8-r"]),
    relevant = [(name, values if name.lower() in differing(variants) else values[:3]) for name, values in fields]
    for values in itertools.product(*(values for _, values in relevant)):
        asked = {name.lower(): value for (name, _), value in zip(relevant, values) if value is not None}
        if "accept-encoding" in asked:
            model_asked = {**asked, "accept-encoding": asked["accept-encoding"].replace("x-gzip", "gzip")}
        else:
            model_asked = asked
        reply = client.get(target, *(f"{name}: {value}" for name, value in asked.items()))
        check(reply, target, variants, choose(variants, model_asked, default), f"{target} for {asked}")


def add_matrix(target):
    case(f"variants of {target}")(lambda scene: matrix(scene, target))


for of in SETS:
    add_matrix(of)


@case("a default language, where none is acceptable", alone=True)
def default_language(scene):
    site = scene.place(language="de")
    put_variants(site)
    scene.serve(site)
    for target in "/neg/page.html", "/neg/both", "/neg/coded.html":
        matrix(scene, target, "de")


@case("not_acceptable = default: something is sent", alone=True)
def something(scene):
    site = scene.place(not_acceptable="default")
    put_variants(site)
    scene.serve(site)
    reply = scene.get("/neg/page.html", "Accept-Language: fr")
    same("a language", (reply.status, reply.get("Content-Language") in ("de", "en", "de-CH")), (200, True))
    reply = scene.get("/neg/kind", "Accept: image/png")
    same("a type", reply.status, 200)
    reply = scene.get("/neg/both", "Accept: image/png", "Accept-Language: fr")
    same("both", (reply.status, reply.vary >= {"accept", "accept-language"}), (200, True))
    reply = scene.get("/pre/short.css", "Accept-Encoding: identity;q=0")
    same("a coding", (reply.status, reply.get("Content-Encoding")), (200, None))


@case("406 has a list of what there is")
def not_acceptable(scene):
    reply = scene.get("/neg/page.html", "Accept-Language: fr")
    same("the status", (reply.status, reply.get("Content-Type")), (406, "text/html; charset=utf-8"))
    links = re.findall(rb'href="([^"]+)"', reply.body)
    same("the links", sorted(links), [b"page.html.de", b"page.html.de-CH", b"page.html.en"])
    same("Vary", "accept-language" in reply.vary, True)
    for link in links:
        same(f"{link}", scene.get(b"/neg/" + link, "Accept-Language: fr").status, 200)
    links = re.findall(rb'href="([^"]+)"', scene.get("/neg/coded.html", "Accept-Language: fr").body)
    same("of what is coded", sorted(links), [b"coded.en.html", b"coded.html.de"])
    for link in links:
        same(f"{link}", scene.get(b"/neg/" + link, "Accept-Encoding: gzip").status, 200)


@case("a whole name is that file")
def whole_names(scene):
    for name, kind, language in (("page.html.en", "text/html; charset=utf-8", "en"),
                                 ("exact.de.html", "text/html; charset=utf-8", "de"),
                                 ("kind.json", "application/json", None)):
        reply = scene.get("/neg/" + name, "Accept-Language: fr", "Accept: image/png")
        same(name, (reply.status, reply.get("Content-Type"), reply.get("Content-Language"), reply.get("Content-Location")),
             (200, kind, language, None))
    reply = scene.get("/pre/a.txt.gz", "Accept-Encoding: gzip")
    same("a.txt.gz", (reply.status, reply.get("Content-Type"), reply.get("Content-Encoding")), (200, "application/gzip", None))
    same("its bytes", gzip.decompress(reply.body), TEXT)


@case("what has no variants")
def no_variants(scene):
    for target in "/neg/pag", "/neg/page.", "/neg/page.htm", "/neg/page.pdf", "/neg/page.html.es", "/neg/.html", "/neg/page.html.gz":
        same(target, scene.get(target).status, 404)


@case("negotiate and precompressed and compress = false", alone=True)
def off(scene):
    site = scene.place(negotiate=False, precompressed=False, compress=False)
    put_variants(site)
    scene.serve(site)
    same("no name", scene.get("/neg/page.html").status, 404)
    for target in "/pre/a.txt", "/pre/fly.css":
        reply = scene.get(target, "Accept-Encoding: gzip, br")
        same(target, (reply.get("Content-Encoding"), reply.body, reply.vary), (None, TEXT, set()))


@case("precompressed without negotiate", alone=True)
def only_precompressed(scene):
    site = scene.place(negotiate=False, compress=False)
    put_variants(site)
    scene.serve(site)
    reply = scene.get("/pre/a.txt", "Accept-Encoding: gzip")
    same("gzip", (reply.get("Content-Encoding"), reply.decoded()), ("gzip", TEXT))
    same("no name", scene.get("/pre/gone.txt", "Accept-Encoding: gzip").status, 404)


@case("what is compressed on the fly has ranges, a length and a tag of its own")
def fly(scene):
    client = scene.client()
    for coding in "gzip", "br":
        whole = client.get("/pre/fly.css", f"Accept-Encoding: {coding}")
        same("smaller", len(whole.body) < len(TEXT) // 2, True)
        headed = client.ask("HEAD", "/pre/fly.css", f"Accept-Encoding: {coding}")
        same("HEAD", headed.get("Content-Length"), str(len(whole.body)))
        part = client.get("/pre/fly.css", f"Accept-Encoding: {coding}", "Range: bytes=5-24", f"If-Range: {whole.get('ETag')}")
        same("a range", (part.status, part.body), (206, whole.body[5:25]))
    plain = client.get("/pre/fly.css")
    same("not of another coding", client.get("/pre/fly.css", "Accept-Encoding: gzip",
         f"If-None-Match: {plain.get('ETag')}").status, 200)
