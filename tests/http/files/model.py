# SPDX-License-Identifier: MIT
"""What is served to whom, worked out from plugins/files/README.md and RFC 9110, apart from the code under test."""
import dataclasses
import email.utils
import os


@dataclasses.dataclass
class Variant:
    name: str
    type: str = None
    charset: str = None  # that its name says
    language: str = None
    encoding: str = None
    size: int = 0
    made: bool = False
    path: str = ""

    @property
    def full_charset(self):
        return self.charset or ("utf-8" if (self.type or "").startswith("text/") else None)

    @property
    def content_type(self):
        kind = self.type or "application/octet-stream"
        return f"{kind}; charset={self.full_charset}" if self.full_charset else kind


def etag_of(path, encoding=None):
    st = os.stat(path)
    coded = f"-{encoding}" if encoding else ""
    modified, changed = (ns % 2**64 for ns in (st.st_mtime_ns, st.st_ctime_ns))  # before 1970, too
    return f'"{st.st_size:x}-{modified:x}-{changed:x}-{st.st_ino:x}{coded}"'


def date_of(path):
    return email.utils.formatdate(int(os.stat(path).st_mtime), usegmt=True)


def wishes(value):
    """(name, quality in thousandths), of a field of plain words."""
    found = []
    for item in value.split(","):
        name, *parameters = [part.strip() for part in item.split(";")]
        weight = [p[2:] for p in parameters if p.lower().startswith("q=")]
        if name:
            found.append((name.lower(), round(float(weight[0]) * 1000) if weight else 1000))
    return found


def quality_of_type(accept, kind):
    if accept is None:
        return 1000
    found = dict(wishes(accept))
    for pattern in kind, kind.split("/")[0] + "/*", "*/*":
        if pattern in found:
            return found[pattern]
    return 0


def quality_of_language(accept, tag):
    if accept is None:
        return 1000
    best = (0, 0)
    for range_, quality in wishes(accept):
        low = tag.lower()
        if range_ == "*":
            best = max(best, (1, quality))
        elif low == range_ or low.startswith(range_ + "-"):
            best = max(best, (3 + len(range_), quality))
        elif quality and range_.startswith(low + "-"):
            best = max(best, (2, max(1, quality - 1)))
    return best[1]


def quality_of_charset(accept, charset):
    if accept is None:
        return 1000
    found = dict(wishes(accept))
    return found.get(charset, found.get("*", 0))


def quality_of_encoding(accept, encoding):
    if accept is None:
        return 1000
    found = dict(wishes(accept))
    if encoding:
        return found.get(encoding, found.get("*", 0))
    if "identity" in found or "*" in found:
        return found.get("identity", found.get("*"))
    return min([q for q in found.values() if q] or [1001]) - 1 or 1


def is_default(variant, default):
    tag = (variant.language or "").lower()
    return bool(default) and (tag == default or tag.startswith(default + "-"))


def own_quality(variant, asked, default):
    if not variant.language:
        return 10 if asked else 1000
    return 1000 - (not asked) - (bool(default) and not is_default(variant, default))


def with_codings(variants, least=1024, most=1 << 20):
    """Those that are, and then those that can be made of them."""
    found = list(variants)
    for v in variants:
        worth = v.type and (v.type.startswith("text/") or v.type.endswith(("json", "xml")))
        if v.encoding or not worth or not least <= v.size <= most:
            continue
        for encoding, part in ("br", 4), ("gzip", 3):
            like = (v.type, v.charset, v.language, encoding)
            if not any((w.type, w.charset, w.language, w.encoding) == like for w in found):
                found.append(dataclasses.replace(v, encoding=encoding, size=v.size // part + 1, made=True))
    return found


FIELDS = {"accept": "type", "accept-charset": "full_charset", "accept-language": "language",
          "accept-encoding": "encoding"}


def differing(variants):
    """The request fields by which these variants are told apart, or a coding is refused."""
    told = {field for field, of in FIELDS.items() if len({getattr(v, of) for v in variants}) > 1}
    return told | ({"accept-encoding"} if any(v.encoding for v in variants) else set())


def choose(variants, asked, default="", by=None):
    """The one that suits the request fields asked (named as above) best, or None."""
    by = differing(variants) if by is None else by
    best, chosen = None, None
    for order, v in enumerate(variants):
        speaks = "accept-language" in by
        own = own_quality(v, "accept-language" in asked, default) if speaks else 1000
        q = [quality_of_language(asked.get("accept-language"), v.language) if speaks and v.language else 1000,
             quality_of_type(asked.get("accept"), v.type) if "accept" in by and v.type else 1000,
             quality_of_charset(asked.get("accept-charset"), v.full_charset)
             if "accept-charset" in by and v.full_charset else 1000,
             quality_of_encoding(asked.get("accept-encoding"), v.encoding)]
        product = own * q[0] * q[1] * q[2] * q[3]
        q[3] -= "accept-encoding" not in asked and v.encoding is not None
        merit = (product, *q, -v.size if v.size else float("-inf"), -order)
        if product and (best is None or merit > best):
            best, chosen = merit, v
    if not chosen and "accept-language" in by and default:
        some = [v for v in variants if is_default(v, default)]
        return choose(some, asked, "", by - {"accept-language"})
    return chosen


def ranges_of(size):
    """(a Range, what of the content it is, or None for 416)."""
    return [("bytes=0-0", (0, 1)), ("bytes=0-", (0, size)), ("bytes=-1", (size - 1, size)),
            (f"bytes={size - 3}-", (size - 3, size)), (f"bytes=-{size + 5}", (0, size)),
            (f"bytes=2-{size * 2}", (2, size)), ("bytes=3-6", (3, min(7, size))), (f"bytes={size}-", None),
            (f"bytes={size + 7}-{size + 9}", None)]
