# SPDX-License-Identifier: MIT
"""The files that are served: made anew for each run, the same ones each time."""
import gzip
import os
import random
import struct
import zlib

OLD = 1_600_000_000  # when all of them were written, as far as they tell
ODD = ["a b.txt", "100%.txt", "%41.txt", "a&b;c.txt", "quote\"s'.txt", "<b>bold.txt", "?query=1.txt", "#hash.txt",
       "plus+.txt", "a:b.txt", "~tilde.txt", "back\\slash.txt", "Grüße ☃.txt", "javascript:alert(1)", "=@,$!*().txt",
       "&lt;.txt", "{brace}[1]^`|.txt"]
RAW = [os.fsdecode(b"\xff\xfe\x80.txt"), os.fsdecode(b"half\xc3.txt"), "new\nline.txt", "tab\there.txt"]


def some_bytes(n, seed):
    return random.Random(seed).randbytes(n)


def some_text(n, seed):
    """Lines that compress well, and have nothing that is a tag or a link."""
    rng = random.Random(seed)
    words = [rng.randbytes(rng.randint(1, 5)).hex() for _ in range(200)]
    out = " ".join(rng.choices(words, k=n // 3))
    return "\n".join(out[at:at + 79] for at in range(0, n, 79)).encode()[:n - 1] + b"\n"


def png(side, seed):
    """A picture of noise."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + some_bytes(3 * side, seed + y) for y in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def brotli(data):
    """Brotli's form of up to 65,536 bytes that are not compressed (RFC 7932 9.2): window 16, a raw block, the end."""
    return (1 << 20 | len(data) - 1 << 4).to_bytes(3, "little") + data + b"\x03"


PAGE = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A page</title>
<link rel="icon" href="favicon.ico">
<link rel="stylesheet" href="style.css">
<h1>A page</h1>
<img src="image.png" alt="noise">
<form id="parts" method="post" action="/probe/part" enctype="multipart/form-data">
<input name="word"><input name="file" type="file"><button>send parts</button>
</form>
<form id="pairs" method="post" action="/probe/part">
<input name="word"><textarea name="text"></textarea><button>send pairs</button>
</form>
<script src="script.js"></script>
"""
SCRIPT = b"""addEventListener("load", () => { document.documentElement.dataset.ready = "yes"; });\n"""
STYLE = b"h1 { color: rgb(1, 2, 3); }\n"
CODED = b"p { margin: 0; }\n" * 100


def files():
    """What is served, by its path."""
    out = {
        "index.html": b"<!doctype html>\n<title>front</title>\n<p>the front page\n",
        "small.txt": b"a small text\n",
        "empty.txt": b"",
        "unknown.zzyzx": b"what is this?\n",
        ".hidden": b"hidden\n",
        "big.bin": some_bytes(3_000_000, 1),
        "text.txt": some_text(200_000, 2),
        "changing.txt": b"first\n",
        "page.html": PAGE, "script.js": SCRIPT, "style.css": STYLE,
        "image.png": png(64, 3), "favicon.ico": png(16, 4),
        "coded.css": CODED, "coded.css.gz": gzip.compress(CODED, mtime=0), "coded.css.br": brotli(CODED),
        "dir/index.html": b"<!doctype html>\n<title>dir</title>\n<p>the index of dir\n",
        "dir/sub/file.txt": b"deep\n",
        "list/one.txt": b"1\n", "list/two.txt": b"22\n", "list/in/three.txt": b"333\n",
        "spam/index.html/ham.txt": b"the index is a directory\n",
        "<i>&\"/file.txt": b"in an odd directory\n",
        "closed/file.txt": b"not for all\n", "closed.txt": b"not for all\n",
    }
    out |= {f"pages/{i}.txt": b"page %d\n" % i * (i + 1) for i in range(100)}
    out |= {f"names/{name}": os.fsencode(name) for name in ODD + RAW}
    return out


def many(count):
    """A tree of so many small files, odd names and empty files among them."""
    rng = random.Random(5)
    wide = 50 if count <= 1000 else 100
    out = {f"tree/odd/{name}": os.fsencode(name) for name in ODD if name != "%41.txt"}  # wget decodes its name twice
    for i in range(count - len(out)):
        path = f"tree/d{i // wide // 10}/s{i // wide % 10}/f{i}.txt"
        out[path] = b"%d\n" % i + rng.randbytes(i % 7 * 300).hex().encode()
    out["tree/d0/s0/empty"] = b""
    return out


def write(root, contents):
    for path, data in contents.items():
        path = os.path.join(root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)
        os.utime(path, (OLD, OLD))
