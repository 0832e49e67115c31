#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A tree of 10,000 files, every one of them asked for, and every name with variants in many ways: tree.py BUILD MODEL

The files are in several languages, types and encodings; the model in model.py knows what they are because they were
made so, not from their names.  Choices, entity-tags, types and ranges have to be exactly those.  But except under epoll only
every fifth name is asked for, unless "./dev test --long" runs it.  It speaks TAP.
"""
import gzip
import os
import random
import sys

from board import MODELS, Tap
from client import decode
from model import Variant, choose, date_of, differing, etag_of, ranges_of, with_codings
from scene import Scene, same

FOLDERS, FILES = 100, 10000
LANGUAGES = ["en", "de", "de-CH", "fr", "pt-BR", "ja", "es"]
TYPES = {"html": "text/html", "json": "application/json", "txt": "text/plain", "png": "image/png", "svg": "image/svg+xml"}
HEADERS = [
    {}, {"accept-language": "de"}, {"accept-language": "fr;q=0.3, en;q=0.9"}, {"accept-language": "it, *;q=0.1"},
    {"accept-encoding": "gzip"}, {"accept-encoding": "br, gzip;q=0.8"}, {"accept-encoding": "identity"},
    {"accept": "application/json, */*;q=0.1"}, {"accept": "text/html", "accept-language": "de-CH, de;q=0.8, en;q=0.2"},
    {"accept": "image/*", "accept-encoding": "gzip, br"}, {"accept-language": "pt", "accept-encoding": "gzip"},
    {"accept-language": "es;q=0.5, ja;q=0.4", "accept": "text/*;q=0.5, image/svg+xml", "accept-encoding": "br;q=0.2, *"},
    {"accept-language": "xx"}, {"accept": "video/mp4"},
]


def make_page(site, chance, folder, number):
    """The variants of a name: (its name without a type, the variants)."""
    base, made = f"{folder}/page{number}", {}
    for extension in chance.sample(sorted(TYPES), chance.randint(1, 3)):
        for language in chance.sample([None] + LANGUAGES, chance.randint(1, 4)):
            for encoding in chance.sample([None, "gzip"], chance.randint(1, 2)):
                words = [extension] + ([language] if language else []) + (["gz"] if encoding else [])
                if language and chance.random() < 0.3:
                    words[:2] = words[1::-1]
                name = ".".join([base] + words)
                content = f"{name} ".encode() * chance.choice([1, 3, 40, 90])
                content = gzip.compress(content, 1, mtime=0) if encoding else content
                path = site.put(name, content)
                made[name] = Variant(os.path.basename(name), TYPES[extension], None, language, encoding, len(content), False, path)
    return base, list(made.values())


def make_tree(site, chance):
    pages, count, number = [], 0, 0
    while count < FILES:
        pages.append(make_page(site, chance, f"f{number % FOLDERS:02}", number // FOLDERS))
        count += len(pages[-1][1])
        number += 1
    return pages


def check_file(client, target, v):
    """The file by its own name: one that is coded as it lies there, another one with all its fields."""
    with open(v.path, "rb") as f:
        content = f.read()
    reply = client.get(target, "Accept-Encoding: identity")
    kind = "application/gzip" if v.encoding else v.content_type
    same(target, (reply.status, reply.body == content, reply.get("Content-Type"), reply.get("Content-Encoding"),
                  reply.get("Content-Language"), reply.get("ETag"), reply.get("Last-Modified")),
         (200, True, kind, None, None if v.encoding else v.language, etag_of(v.path), date_of(v.path)))
    return content


def check_range(client, target, content, v, chance):
    field, part = chance.choice(ranges_of(len(content)))
    reply = client.get(target, "Accept-Encoding: identity", f"Range: {field}", f"If-Range: {etag_of(v.path)}")
    if part is None:
        same(f"{target} {field}", (reply.status, reply.get("Content-Range")), (416, f"bytes */{len(content)}"))
        return
    same(f"{target} {field}", (reply.status, reply.get("Content-Range"), reply.body),
         (206, f"bytes {part[0]}-{part[1] - 1}/{len(content)}", content[slice(*part)]))


def check_files(scene, pages, chance):
    client = scene.client()
    for base, variants in pages:
        folder = base.rpartition("/")[0]
        for v in variants:
            target = f"/{folder}/{v.name}"
            content = check_file(client, target, v)
            check_range(client, target, content, v, chance)


def check_choice(client, target, variants, asked):
    chosen = choose(variants, asked)
    reply = client.get(target, *(f"{name}: {value}" for name, value in asked.items()))
    what = f"{target} for {asked}"
    if not chosen:
        same(what, reply.status, 406)
        return
    same(what, (reply.status, reply.get("Content-Language"), reply.get("Content-Encoding"), reply.get("Content-Type"),
                reply.get("ETag"), reply.vary - {""}),
         (200, chosen.language, chosen.encoding, chosen.content_type, etag_of(chosen.path, chosen.encoding),
          differing(variants)))
    with open(chosen.path, "rb") as f:
        content = f.read()
    same(f"{what}: the body", (decode(reply.body, chosen.encoding) if chosen.made else reply.body) == content, True)


def ordered(variants, wanted):
    return with_codings(sorted(variants, key=lambda v: (v.name != wanted, v.name)))


def check_names(scene, pages):
    client = scene.client()
    for number, (base, variants) in enumerate(pages):
        names = [("", variants)] + [(f".{extension}", [v for v in variants if v.type == kind])
                                    for extension, kind in TYPES.items()]
        for extension, some in names:
            target = f"/{base}{extension}"
            if not some:
                same(target, client.get(target).status, 404)
                continue
            known = ordered(some, os.path.basename(target))
            for i in range(len(HEADERS) if number % 10 == 0 else 4):
                check_choice(client, target, known, HEADERS[(i + number) % len(HEADERS)])


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in MODELS:
        sys.exit(__doc__)
    tap, chance = Tap(3), random.Random(6)
    scene = Scene(os.path.abspath(sys.argv[1]), sys.argv[2])
    try:
        site = scene.place(cache_valid=600)
        pages = make_tree(site, chance)
        scene.serve(site)
        asked = pages if sys.argv[2] == "epoll" or os.environ.get("MODUS_TEST_LONG") else pages[::5]
        tap.result(f"{sum(len(v) for _, v in asked)} files by their names", lambda: check_files(scene, asked, chance))
        tap.result(f"{len(asked)} names with variants", lambda: check_names(scene, asked))
        tap.result("the server ends, leaves no process, and has logged no error", scene.end_services)
    finally:
        scene.end()
    sys.exit(1 if tap.failed else 0)


main()
