# SPDX-License-Identifier: MIT
"""The syntax of fields, and what bounds them."""
from serve import FIELDS, HEAD
from table import BAD, CLOSED, EITHER, case, raw, request, second, that

SOME = {200, BAD}  # either is allowed


def field(title, text, status, *has, rfc="9112 5.1", **how):
    """A request with this text in the place of a field."""
    case(f"a field: {title}", rfc, request("GET /echo?field=X HTTP/1.1", text), status, *has, **how)


# ---- Well formed ----

field("a plain one", "X: y", 200, "joined y", "name X", "value y")
field("no blank after the colon", "X:y", 200, "joined y")
field("blanks and tabs around the value", "X: \t y \t ", 200, "joined y", "value y")
field("blanks and tabs within the value", "X: a  b\tc", 200, "joined a  b\\x09c")
field("an empty value", "X:", 200, "joined ", "name X")
field("an empty value, then another", "X:\r\nY: b", 200, "joined ", "name X", "name Y", "value b")
field("empty values in a row", "A:\r\nB:\r\nX:\r\nC: \r\nD: d", 200, "name A", "name B", "name X", "name C", "name D",
      "value d",
      lacks=("name ",))
field("a value of blanks", "X: \t ", 200, "joined ")
field("a colon within the value", "X: a:b: c", 200, "joined a:b: c")
field("a colon first in the value", "X::", 200, "joined :")
field("its name in another case", "x: y", 200, "joined y", "name x")
field("all that a name may have", "!#$%&'*+-.^_`|~0aZ: y", 200, "name !#$%&'*+-.^_`|~0aZ")
field("bytes above ASCII in the value", "X: \xe9\x80\xff", 200, "joined \\xe9\\x80\\xff", rfc="9110 5.5")
field("three of a name", "X: a\r\nx: b\r\nX: c", 200, "joined a, b, c", "value b", rfc="9110 5.3")
field("three of a name, one empty", "X: a\r\nX:\r\nX: c", 200, rfc="9110 5.3")
field("that looks like a request", "X: GET / HTTP/1.1", 200, "joined GET / HTTP/1.1")
field("cookies", "Cookie: a=b; c=d; e=f", 200, "cookie d", rfc="6265 5.4")
field("malformed cookies", "Cookie: ;=;c;;=c; c", 200, "cookie (none)", rfc="6265 5.4")
field("of a gateway's kind", "X_Y: z\r\nProxy: http://evil/", 200, "name X_Y")
for name in "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "If-None-Match", "If-Modified-Since", \
        "Range", \
        "If-Range", "TE", "Via", "Cache-Control", "User-Agent", "Referer", "Authorization", "Trailer", "Max-Forwards":
    case(f"{name} with nonsense", "9110 5.6", request("GET /echo HTTP/1.1", f'{name}: ;,"=\\;q=9,,;;q=\xff, ('),
         {200, BAD, 406})
    case(f"{name} with nonsense, to an error page", "9110 5.6",
         request("GET /error?s=404 HTTP/1.1", f'{name}: ;,"=\\;q=9,,;;q=\xff, ('), {404, BAD}, after=EITHER)

# ---- Malformed ----

for title, text in {
        "a blank before the colon": "X : y", "a tab before the colon": "X\t: y", "blanks before the colon": "X  \t : y",
        "no name": ": y", "a blank for a name": " : y", "no colon": "X", "no colon, two words": "X y",
        "a blank within the name": "X Y: z", "a parenthesis in the name": "X(: y", "a bracket in the name": "X[Y]: z",
        "a brace in the name": "X{: y", "a slash in the name": "X/Y: z", "an at sign in the name": "X@Y: z",
        "quotes in the name": '"X": y', "a comma in the name": "X,Y: z", "a semicolon in the name": "X;Y: z",
        "an equals sign in the name": "X=Y: z", "a question mark in the name": "X?: y",
        "a backslash in the name": "X\\: y",
        "an angle in the name": "X<: y", "NUL in the name": "X\0: y", "NUL first": "\0X: y",
        "a control byte in the name": "X\x01: y",
        "DEL in the name": "X\x7f: y", "a byte above ASCII in the name": "X\xe9: y",
        "UTF-8 in the name": "X\xc3\xa9: y",
        "a byte order mark": "\xef\xbb\xbfX: y", "a vertical tab before the colon": "X\x0b: y",
        "CR in the name": "X\rY: z",
        "CR before the colon": "X\r: y", "LF in the name": "X\nY: z",
        "a second request line": "GET / HTTP/1.1"}.items():
    field(title, text, BAD)
for title, text in {
        "NUL in the value": "X: a\0b", "NUL for a value": "X: \0", "NUL last": "X: a\0", "CR in the value": "X: a\rb",
        "CR first in the value": "X: \rb", "CR last in the value": "X: a\r",
        "CR and a field": "X: a\rTransfer-Encoding: chunked",
        "CR, a blank and a field": "X: a\r Content-Length: 5", "CR CR in the value": "X: a\r\rb",
        "CR alone in the place of a line": "X: a\r\n\rY: b"}.items():
    field(title, text, BAD, rfc="9110 5.5")
for code in 1, 7, 8, 11, 12, 27, 31, 127:
    field(f"the control byte {code} in the value", f"X: a{chr(code)}b", SOME, f"joined a\\x{code:02x}b", rfc="9110 5.5")
field("a line end within, then another field", "X: a\nY: b", SOME, "joined a", "name Y", rfc="9112 2.2")
field("LF CR", "X: a\n\rY: b", BAD, rfc="9112 2.2")
case("LF alone ends the head", "9112 2.2", request()[:-2] + b"\n", SOME)

# ---- Folded: refused, or blanks in the place of the fold ----


def unfolded(response, want):
    if response.status == 200:
        joined = next(line for line in response.lines if line.startswith("joined"))
        that(f"the value {want!r}, got {joined!r}", joined.replace("\\x09", " ").split() == ["joined", *want.split()])


for title, text, want in (("folded", "X: a\r\n b", "a b"), ("folded with a tab", "X: a\r\n\tb", "a b"),
                          ("folded with blanks", "X: a \r\n  \t b", "a b"), ("folded twice", "X: a\r\n b\r\n c",
                                                                             "a b c"),
                          ("folded before the value", "X:\r\n a", "a"), ("folded into nothing", "X: a\r\n ", "a"),
                          ("folded, then another", "X: a\r\n b\r\nY: c", "a b")):
    field(title, text, SOME, rfc="9112 5.2", check=lambda rs, want=want: unfolded(rs[0], want))
field("folded into what looks like a field", "X: a\r\n Content-Length: 5", SOME, "length 0", rfc="9112 5.2",
      check=lambda rs: unfolded(rs[0], "a Content-Length: 5"))
field("folded within its name", "X\r\n : a", BAD, rfc="9112 5.2")
for title, text in {"a blank before the first field": " X: y", "a tab before the first field": "\tX: y",
                    "a line of blanks before the first field": "  ",
                    "a framing after blanks": " Content-Length: 5"}.items():
    case(title, "9112 2.2", raw(f"GET /echo HTTP/1.1\r\n{text}\r\nHost: example.org\r\n\r\n"), SOME, "length 0")
case("nothing but a folded line", "9112 2.2", b"GET /echo HTTP/1.0\r\n \r\n\r\n", SOME, after=CLOSED)

# ---- Bounds ----

MANY = [f"X-{i}: {i}" for i in range(10 * FIELDS)]
case("as many fields as may be", "6585 5", request("GET /echo HTTP/1.1", *MANY[:FIELDS - 1]), 200,
     f"name X-{FIELDS - 2}")
case("one field too many", "6585 5", request("GET /echo HTTP/1.1", *MANY[:FIELDS]), 431)
case("many fields too many", "6585 5", request("GET /echo HTTP/1.1", *MANY), 431)
case("too many of one name", "6585 5", request("GET /echo HTTP/1.1", *["X: y"] * FIELDS), 431)
case("too many fields for HTTP/1.0", "6585 5", request("GET /echo HTTP/1.0", *MANY), 431)
field("a long value", "X: " + "y" * (HEAD - 200), 200, "joined " + "y" * (HEAD - 200), rfc="9110 5.4")
field("a long name", "X" * (HEAD - 200) + ": y", 200, "name " + "X" * (HEAD - 200), rfc="9110 5.4")
field("a value that is too long", "X: " + "y" * HEAD, 431, rfc="9110 5.4")
field("a name that is too long", "X" * HEAD + ": y", 431, rfc="9110 5.4")
field("a value of 60,000 bytes", "X: " + "y" * 60_000, 431, rfc="9110 5.4")
field("a value of 300,000 bytes", "X: " + "y" * 300_000, 431, rfc="9110 5.4")
field("a long line without a colon", "y" * 100_000, {BAD, 431}, rfc="9110 5.4")
field("blanks without end", "X:" + " " * 100_000 + "y", 431, rfc="9110 5.4")
case("fields that are too long together", "6585 5", request("GET /echo HTTP/1.1",
                                                            *[f"X: {'y' * 400}"] * (FIELDS - 10)), 431)
case("a head that is too long, without an end", "6585 5",
     request(*["GET /echo HTTP/1.1", "X: " + "y" * 100_000])[:-4], 431)
case("after a long head a short one", "6585 5",
     request("GET /1 HTTP/1.1", "X: " + "y" * (HEAD - 200)) + request("GET /2 HTTP/1.1"), [200, 200],
     check=second("target /2"))
case("a field of one request is none of the next", "9110 5", request("GET /1 HTTP/1.1",
                                                                     "X: y") + request("GET /2?field=X HTTP/1.1"),
     [200, 200], check=second("joined (none)"))
