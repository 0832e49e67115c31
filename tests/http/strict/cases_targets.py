# SPDX-License-Identifier: MIT
"""The target of a request, and Host."""
from serve import HEAD
from table import BAD, case, raw, request, second


def target(text, **how):
    return request(f"GET {text} HTTP/1.1", **how)


def given(title, text, status, *has, rfc="9112 3.2.1", **how):
    case(f"the target is {title}", rfc, target(text), status, *has, **how)


def hosted(title, *values, status=BAD, has=(), version="1.1", to="/echo"):
    lines = [f"GET {to} HTTP/{version}"] + [f"Host:{v}" for v in values]
    case(f"Host: {title}", "9112 3.2", "\r\n".join(lines).encode("latin1") + b"\r\n\r\n", status, *has)


# ---- In origin form ----

given("/", "/", 200, "target /", "path /")
given("with a query", "/echo?a=1&b=%20", 200, "target /echo?a=1&b=%20", "path /echo", "query a=1&b=%20", "argument 1")
given("with an empty query", "/echo?", 200, "path /echo", "query ")
given("with a query that has marks", "/echo?a=b?/:@!$'()*,;", 200, "query a=b?/:@!$'()*,;")
given("with a path that has marks", "/a:@!$&'()*+,;=-._~", 200, "path /a:@!$&'()*+,;=-._~")
given("with escapes", "/%61%5A%7e%20", 200, "path /aZ~ ", "target /%61%5A%7e%20")
given("with an escaped question mark", "/a%3Fb=c", 200, "path /a?b=c", "query (none)")
given("with an escaped number sign", "/a%23b", 200, "path /a#b")
given("with an escaped line end", "/a%0d%0ab", {200, BAD}, "path /a\\x0d\\x0ab")
given("with escaped UTF-8", "/%c3%a9", 200, "path /\\xc3\\xa9")
given("with an escaped percent sign", "/%2561", 200, "path /%61")
given("with dot segments", "/a/./b/../c", 200, "path /a/c", rfc="3986 5.2.4")
given("with escaped dot segments", "/a/%2e/b/%2E%2e/c", 200, "path /a/c", rfc="3986 5.2.4")
given("with a dot segment last", "/a/b/..", 200, "path /a/", rfc="3986 5.2.4")
given("with names of dots", "/.../a../..b/.c", 200, "path /.../a../..b/.c", rfc="3986 5.2.4")
given("above the root", "/../echo", {200, BAD}, "path /echo", rfc="3986 5.2.4")
given("above the root, escaped", "/%2e%2e/%2e%2e/etc/passwd", {200, BAD}, "path /etc/passwd", rfc="3986 5.2.4")
given("above the root, later", "/a/../../../echo", {200, BAD}, "path /echo", rfc="3986 5.2.4")
given("with two slashes", "//other.example/echo", {200, BAD}, "host example.org", lacks=("path /echo",))
given("with a URL in its path", "/http://other.example/", 200, "host example.org")
given("of 4000 bytes", "/" + "a" * 3999, 200, "path /" + "a" * 3999)
given("of 4000 bytes of query", "/?" + "q" * 3998, 200, "path /", "query " + "q" * 3998)
for name, text in {
        "without a slash": "echo", "a question mark": "?a", "a dot": ".", "dots": "../echo", "a backslash": "\\echo",
        "with a fragment": "/echo#part", "with a fragment in its query": "/echo?a#b", "a number sign": "#",
        "with a byte above ASCII": "/\xe9", "with UTF-8": "/\xc3\xa9", "with a byte above ASCII in its query": "/?\xe9",
        "with NUL": "/a\0b", "with a control byte": "/a\x01b", "with a vertical tab": "/a\x0bb", "with ESC": "/a\x1bb",
        "with DEL": "/a\x7fb", "with a control byte in its query": "/?a\x01b", "with an escaped NUL": "/a%00b",
        "with an escape cut off": "/a%", "with half an escape": "/a%4", "with an escape of no number": "/a%zz",
        "with an escape of a sign": "/a%+1", "with an overlong escape": "/a%u0041"}.items():
    given(name, text, BAD)
given("with an escaped slash", "/a%2fb", {BAD, 404})
for mark in '"<>\\^`{|}':
    given(f"with {mark}", f"/a{mark}b", {200, BAD})
given("with a malformed escape in its query", "/echo?a=%zz", {200, BAD}, "query a=%zz")
given("with an escaped NUL in its query", "/echo?a=x%00y", {200, BAD}, lacks=("argument x",))
given("longer than a head may be", "/" + "a" * HEAD, 414, rfc="9112 3")
given("of 100,000 bytes", "/" + "a" * 100_000, 414, rfc="9112 3")
given("of a long query", "/?" + "a" * 30_000, 414, rfc="9112 3")

# ---- In the other forms ----


def absolute(title, text, status, *has, host="example.org", **how):
    case(f"the absolute form {title}", "9112 3.2.2", target(text, host=host), status, *has, **how)


absolute("with the same host", "http://example.org/echo?a=1", 200, "path /echo", "query a=1", "host example.org")
absolute("outweighs Host", "http://other.example/echo", 200, "path /echo", "host other.example")
absolute("with a port", "http://other.example:8080/echo", 200, "path /echo", "host other.example")
absolute("in upper case", "HTTP://EXAMPLE.ORG/Echo", 200, "path /Echo", "host example.org")
absolute("without a path", "http://other.example", 200, "path /", "host other.example")
absolute("with a query alone", "http://other.example?a=1", 200, "path /", "query a=1", "host other.example")
absolute("with an IPv6 address", "http://[::1]:80/echo", 200, "path /echo")
absolute("with a slash and query within", "http://example.org/?a=http://x/", 200, "query a=http://x/")
absolute("of https", "https://example.org/echo", {200, BAD, 421})
absolute("of another scheme", "ftp://example.org/echo", {200, BAD, 404, 421})
absolute("without a host", "http:///echo", BAD)
absolute("with userinfo", "http://user:pw@example.org/echo", BAD)
absolute("with userinfo that looks like a host", "http://example.org@other.example/", BAD)
absolute("with a malformed port", "http://example.org:8x/echo", BAD)
absolute("with a malformed host", "http://exa_%zz/echo", BAD)
absolute("with an open bracket", "http://[::1/echo", BAD)
absolute("with a fragment", "http://example.org/echo#a", BAD)
absolute("with one slash", "http:/example.org/echo", BAD)
absolute("with a backslash", "http://example.org\\@other.example/", BAD)
absolute("with no scheme", "://example.org/echo", BAD)
absolute("without Host", "http://example.org/echo", BAD, host=None)
absolute("with a malformed Host", "http://example.org/echo", BAD, host="a b")
given("in authority form", "example.org:80", BAD, rfc="9112 3.2.3")
given("a host", "example.org", BAD, rfc="9112 3.2.3")
given("an asterisk", "*", BAD, rfc="9112 3.2.4")
case("OPTIONS **", "9112 3.2.4", request("OPTIONS ** HTTP/1.1"), BAD)
case("OPTIONS *?a", "9112 3.2.4", request("OPTIONS *?a HTTP/1.1"), BAD)
case("POST *", "9112 3.2.4", request("POST * HTTP/1.1", "Content-Length: 0"), BAD)

# ---- Host ----

hosted("is missing")
hosted("is missing, in HTTP/1.0", version="1.0", status=200, has=("minor 0", "host "))
hosted("is there, in HTTP/1.0", " example.org", version="1.0", status=200, has=("host example.org",))
hosted("twice", " example.org", " other.example")
hosted("twice the same", " example.org", " example.org")
hosted("twice, in HTTP/1.0", " example.org", " other.example", version="1.0")
hosted("twice, once empty", "", " example.org")
hosted("empty", "", status={200, BAD}, has=("host ",))
hosted("blanks", "  \t ", status={200, BAD}, has=("host ",))
hosted("in upper case, with a port", " EXAMPLE.Org:8080", status=200, has=("host example.org",))
hosted("blanks around it", " \t example.org \t ", status=200, has=("host example.org", "value example.org"))
hosted("no blank before it", "example.org", status=200, has=("host example.org",))
hosted("an empty port", " example.org:", status={200, BAD}, has=("host example.org",))
hosted("IPv4", " 192.0.2.1:80", status=200, has=("host 192.0.2.1",))
hosted("IPv6", " [2001:DB8::1]:80", status=200)
hosted("IPv6 without a port", " [::1]", status=200)
hosted("marks that a name may have", " a-b_c~d.example", status=200, has=("host a-b_c~d.example",))
hosted("a dot last", " example.org.", status=200)
hosted("a port out of range", " example.org:99999", status={200, BAD})
for what, value in {
        "two in a list": "a, b", "a comma": "a,b/c", "a blank within": "a b", "a tab within": "a\tb", "a slash": "a/b",
        "a path": "example.org/echo", "a URL": "http://example.org", "userinfo": "user@example.org",
        "userinfo and password": "user:pw@example.org", "a question mark": "a?b", "a fragment": "a#b",
        "a backslash": "a\\b",
        "two ports": "a:80:80", "a port of letters": "a:http", "a port with a sign": "a:+80", "a negative port": "a:-1",
        "an open bracket": "[::1", "a closed one": "::1]", "IPv6 without brackets": "2001:db8::1",
        "text after brackets": "[::1]x", "a port without a colon": "[::1]80", "no address in brackets": "[zz]",
        "empty brackets": "[]", "quotes": '"a"', "angles": "<a>", "a malformed escape": "a%zz", "half an escape": "a%4",
        "a byte above ASCII": "\xe9.example", "NUL": "a\0b", "a control byte": "a\x01b", "DEL": "a\x7f",
        "a caret": "a^b", "a bar": "a|b", "a brace": "a{b"}.items():
    hosted(what, " " + value)
for name, text in {"a blank before the colon": "Host : example.org", "a tab before the colon": "Host\t: example.org",
                   "a blank before its name": " Host: example.org", "no colon": "Host example.org"}.items():
    case(f"Host with {name}", "9112 5.1", request(host=None).replace(b"\r\n\r\n", raw(f"\r\n{text}\r\n\r\n")), BAD)
case("Host is folded", "9112 5.2", request("GET /echo HTTP/1.1", "Host:", " example.org", host=None), {200, BAD},
     "host example.org")
case("Host is the last field, in another case", "9112 3.2", request("GET /echo HTTP/1.1", "A: b", "hOST: c", host=None),
     200, "host c")
case("another Host for each request", "9112 3.2", request(host="a.example") + request(host="b.example"), [200, 200],
     "host a.example", check=second("host b.example"))
