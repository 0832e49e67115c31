# SPDX-License-Identifier: MIT
"""Redirects: where to, with which status, and what a client cannot make of them."""
from server import case, same


@case("redirects: {path}, {query} and each status")
def redirects(stage):
    routes = ['path = "/old"; redirect = "/new{path}{query}";',
              'path = "/gone"; redirect = "https://example.org/";',
              'path = "/twice"; redirect = "/x{path}/y{path}?from={path}";',
              'host = "www.example.org"; redirect = "https://example.org{path}{query}"; status = 301;',
              'path = "/up"; redirect = "{path}{query}";',
              'path = "/s302"; redirect = "/"; status = 302;', 'path = "/s303"; redirect = "/"; status = 303;',
              'path = "/s307"; redirect = "/"; status = 307;']
    want = {"/old": (308, "/new"), "/old/": (308, "/new/"), "/old/a/b?c=d&e": (308, "/new/a/b?c=d&e"),
            "/old?": (308, "/new?"), "/old/a%20b%C3%A4+%22": (308, "/new/a%20b%C3%A4+%22"),
            "/old/a?x=%20%0d%0a&y=/?": (308, "/new/a?x=%20%0d%0a&y=/?"), "/gone/x": (308, "https://example.org/"),
            "/twice/a": (308, "/x/a/y/a?from=/a"), "/old/a/../../old/b": (308, "/new/b"),
            "/up": (308, "/"), "/up?a": (308, "/?a"), "/up/b?a": (308, "/b?a"),
            "/s302": (302, "/"), "/s303": (303, "/"), "/s307": (307, "/")}
    with stage.serve(routes) as server:
        for target, (status, location) in want.items():
            response = server.ask(target)
            same(target, (response.status, response.get("Location")), (status, location))
        response = server.ask("/a/b?c", host="WWW.example.org:80")
        same("the host's", (response.status, response.get("Location")), (301, "https://example.org/a/b?c"))
        same("POST", server.ask("/old", method="POST", body=b"x").status, 308)


@case("no client chooses the host that a redirect of ours leads to, nor adds a field")
def hostile(stage):
    routes = ['path = "/"; redirect = "{path}x";', 'path = "/p"; redirect = "/{path}";',
              'path = "/q"; redirect = "/?{query}";']
    targets = [b"//evil.example/", b"///evil.example", b"/\\evil.example", b"/%5Cevil.example", b"/p/evil.example",
               b"/p//evil.example", b"/p/%09/evil.example", b"/%0d%0aSet-Cookie:a=b", b"/q?\x01", b"/q?a%0d%0aX:y",
               b"/q?<\"'>", b"/x\xff\xfe", b"/%ff%fe", b"http://evil.example//evil.example/"]
    with stage.serve(routes) as server:
        for target in targets:
            response = server.ask(target)
            same(f"Set-Cookie of {target!r}", response.all("Set-Cookie"), [])
            if response.status == 400:
                continue
            location = response.get("Location")
            same(f"the status of {target!r}", response.status, 308)
            same(f"{target!r} leads to {location!r}", location[0] == "/" and location[1:2] not in "/\\", True)
            same(f"{target!r} leads to {location!r}", all("!" <= c <= "~" for c in location), True)
            same(f"{target!r} leads to {location!r}", any(c in location for c in "\\\"<>^`{|}"), False)
