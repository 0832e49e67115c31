# SPDX-License-Identifier: MIT
"""The request line: its form, methods, versions."""
from serve import HEAD
from table import BAD, CLOSED, EITHER, HALF, body_is, case, post, raw, request, second, that

REST = b"Host: example.org\r\n\r\n"


def line(text):
    """A request that begins with these bytes in the place of its line and CR LF."""
    return raw(text) + REST


# ---- Its form ----

case("a plain GET", "9112 3", request(), 200, "method GET", "target /echo", "path /echo", "query (none)",
     "host example.org", "minor 1", "length 0", "name Host", "value example.org", body_is(b""))
case("a plain POST", "9112 6", post("Content-Length: 5", body="hello"), 200, "method POST", "length 5",
     body_is(b"hello"), "data 68656c6c6f")
case("CR LF before the line", "9112 2.2", b"\r\n" + request(), 200, "target /echo")
case("CR LF twice before the line", "9112 2.2", b"\r\n\r\n" + request(), {200, BAD}, "target /echo")
case("LF before the line", "9112 2.2", b"\n" + request(), {200, BAD}, "target /echo")
case("CR LF between two requests", "9112 2.2", request() + b"\r\n" + request("GET /2 HTTP/1.1"), [200, 200],
     check=second("target /2"))
case("CR LF after a body", "9112 2.2", post("Content-Length: 5", body="hello\r\n") + request("GET /2 HTTP/1.1"),
     [200, 200], body_is(b"hello"), check=second("target /2"))
for name, before in (("CR", b"\r"), ("CR CR LF", b"\r\r\n"), ("a blank", b" "), ("a tab", b"\t"), ("NUL", b"\0"),
                     ("a line of a blank", b" \r\n"), ("a byte order mark", b"\xef\xbb\xbf"),
                     ("TLS", b"\x16\x03\x01\x02\0")):
    case(f"{name} before the line", "9112 2.2", before + request(), BAD)
case("LF alone ends the line", "9112 2.2", line("GET /echo HTTP/1.1\n"), {200, BAD}, "target /echo")
case("LF alone ends all lines", "9112 2.2", request().replace(b"\r\n", b"\n"), {200, BAD}, "target /echo")
for name, text in {
        "CR alone ends the line": "GET /echo HTTP/1.1\r", "CR CR LF ends the line": "GET /echo HTTP/1.1\r\r\n",
        "two blanks after the method": "GET  /echo HTTP/1.1\r\n",
        "two blanks before the version": "GET /echo  HTTP/1.1\r\n",
        "a blank after the version": "GET /echo HTTP/1.1 \r\n",
        "a tab after the version": "GET /echo HTTP/1.1\t\r\n",
        "a tab after the method": "GET\t/echo HTTP/1.1\r\n", "a tab before the version": "GET /echo\tHTTP/1.1\r\n",
        "a vertical tab after the method": "GET\x0b/echo HTTP/1.1\r\n",
        "a form feed before the version": "GET /echo\x0cHTTP/1.1\r\n",
        "a no-break space after the method": "GET\xa0/echo HTTP/1.1\r\n",
        "CR after the method": "GET\r/echo HTTP/1.1\r\n", "CR before the version": "GET /echo\rHTTP/1.1\r\n",
        "CR within the target": "GET /ec\rho HTTP/1.1\r\n", "LF within the target": "GET /ec\nho HTTP/1.1\r\n",
        "a fourth word": "GET /echo HTTP/1.1 more\r\n", "a blank within the target": "GET /ec ho HTTP/1.1\r\n",
        "no method": " /echo HTTP/1.1\r\n", "no target": "GET HTTP/1.1\r\n",
        "no target, two blanks": "GET  HTTP/1.1\r\n", "one word": "GET\r\n", "a field in its place": ""}.items():
    case(f"the line has: {name}", "9112 3", line(text), BAD)
case("the line is split over two", "9112 3", line("GET /echo\r\n HTTP/1.1\r\n"), {BAD, 505})
case("the end within the line", "9112 8", [b"GET /ec", HALF], {BAD, 408, None})
case("the end after the line", "9112 8", [b"GET /echo HTTP/1.1\r\n", HALF], {BAD, 408, None})
case("the end within a field", "9112 8", [b"GET /echo HTTP/1.1\r\nHost: exam", HALF], {BAD, 408, None})
case("the end before the empty line", "9112 8", [b"GET /echo HTTP/1.1\r\nHost: a\r\n", HALF], {BAD, 408, None})
case("the end after half of the empty line", "9112 8", [b"GET /echo HTTP/1.1\r\nHost: a\r\n\r", HALF], {BAD, 408, None})
case("the end after a request", "9112 9.6", [request(), HALF], 200)
case("the end after two requests", "9112 9.6", [request() + request("GET /2 HTTP/1.1"), HALF], [200, 200])

# ---- Methods ----

for method in "PUT", "DELETE", "POST", "GET":
    case(f"{method} with a body", "9110 9.3",
         request(f"{method} /echo HTTP/1.1", "Content-Length: 5", body="hello"), 200, f"method {method}",
         body_is(b"hello"))
case("HEAD has no body", "9110 9.3.2", request("HEAD /echo HTTP/1.1"), 200,
     check=lambda rs: that("a length as GET has it", rs[0].get("content-length") != "0"))
for title, sent, status in (
        ("without Host", request("HEAD /echo HTTP/1.1", host=None), BAD),
        ("with two of it", request("HEAD /echo HTTP/1.1", "Host: b"), BAD),
        ("with two framings", request("HEAD / HTTP/1.1", "Content-Length: 1", "Transfer-Encoding: chunked",
                                      body="0\r\n\r\n"), BAD),
        ("of an unknown expectation", request("HEAD /echo HTTP/1.1", "Expect: x"), {BAD, 417}),
        ("of an unknown coding", request("HEAD /echo HTTP/1.1", "Transfer-Encoding: x"), {BAD, 501})):
    case(f"a HEAD that is refused has no body: {title}", "9110 9.3.2", sent, status, after=EITHER)
case("a method that the application has not", "9110 15.5.6", request("PATCH /echo HTTP/1.1"), {405, 501}, after=EITHER)
for method in "BREW", "X", "get", "Get", "GETS", "GE", "M-SEARCH", "PROPFIND", "!#$%&'*+-.^_`|~", "0":
    case(f"the method {method}", "9110 9.1", request(f"{method} /echo HTTP/1.1"), {BAD, 405, 501}, after=EITHER)
case("a method of 1000 bytes", "9112 3", request(f"{'M' * 1000} /echo HTTP/1.1"), {BAD, 405, 414, 431, 501},
     after=EITHER)
case("a method longer than a head may be", "9112 3", request(f"{'M' * (HEAD + 1)} /echo HTTP/1.1"),
     {BAD, 414, 431, 501})
for name, method in {"a parenthesis": "GE(T", "a colon": "GE:T", "NUL": "GE\0T", "a control byte": "GE\x01T",
                     "DEL": "GE\x7fT", "a byte above ASCII": "G\xc9T", "quotes": '"GET"', "a slash": "GET/",
                     "an at sign": "G@T", "a comma": "GET,"}.items():
    case(f"a method with {name}", "9110 9.1", request(f"{method} /echo HTTP/1.1"), BAD)
case("TRACE", "9110 9.3.8", request("TRACE /echo HTTP/1.1"), {405, 501}, after=EITHER,
     check=lambda rs: that("no request told back", b"example.org" not in rs[0].body))
case("CONNECT host:port", "9110 9.3.6", request("CONNECT example.org:443 HTTP/1.1", host="example.org:443"),
     {BAD, 405, 501}, after=EITHER)
case("CONNECT with a path", "9112 3.2.3", request("CONNECT /echo HTTP/1.1"), {BAD, 405, 501}, after=EITHER)
case("OPTIONS of a path", "9110 9.3.7", request("OPTIONS /echo HTTP/1.1"), {200, 204},
     check=lambda rs: that("all methods in Allow", all(rs[0].says("allow", m) for m in ("get", "head", "post", "put"))))
case("OPTIONS *", "9112 3.2.4", request("OPTIONS * HTTP/1.1"), {200, 204})
case("OPTIONS with a body", "9110 9.3.7", request("OPTIONS /echo HTTP/1.1", "Content-Length: 5", body="hello"),
     {200, 204}, after=EITHER)
case("the preface of HTTP/2", "9113 3.4", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {BAD, 405, 501, 505})

# ---- Versions ----

case("HTTP/1.0", "9110 2.5", request("GET /echo HTTP/1.0"), 200, "minor 0", after=CLOSED)
case("HTTP/1.2", "9110 2.5", request("GET /echo HTTP/1.2"), {200, BAD, 505}, "minor 1")
case("HTTP/1.9", "9110 2.5", request("GET /echo HTTP/1.9"), {200, BAD, 505}, "minor 1")
for version in "HTTP/2.0", "HTTP/3.0", "HTTP/9.9":
    case(version, "9110 15.6.6", request(f"GET /echo {version}"), 505)
for version in "HTTP/0.9", "HTTP/0.1", "HTTP/1.10", "HTTP/1.11", "HTTP/11.1", "HTTP/01.1", "HTTP/1", "HTTP/1.", \
        "HTTP/.1", \
        "HTTP/", "HTTP", "http/1.1", "Http/1.1", "HTTP/1,1", "HTTP/+1.1", "HTTP/-1.1", "HTTP/1.1x", "HTTP/1.x", \
        "HTTP/a.b", \
        "HTTP-1.1", "HTTP/1.1\0", "HTTP/1.\xb9", "XTTP/1.1", "HTTPS/1.1", "RTSP/1.0", "ICE/1.0", "SIP/2.0", "1.1":
    case(f"the version {version!r}", "9112 2.3", request(f"GET /echo {version}"), {BAD, 505})
case("HTTP/0.9: a method and a target", "9112 3", b"GET /echo\r\n\r\n", {BAD, 505, None})
case("HTTP/0.9 with fields", "9112 3", line("GET /echo\r\n"), {BAD, 505})
