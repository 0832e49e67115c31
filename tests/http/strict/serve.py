# SPDX-License-Identifier: MIT
"""The application of the fixture http_probe, served: by what the tests of the board start servers with."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "board"))

import service
from service import MODELS, PATIENCE, Failure, Service, await_that, settings_text  # noqa: F401
from tap import Tap  # noqa: F401

HEAD, FIELDS, BODY, REQUESTS = 8192, 50, 200_000, 60  # limits that a case can reach
HASTE = 0.6 * min(PATIENCE / 20, 3)  # seconds until a hasty service gives a client up


class Place(service.Place):
    """A temporary folder with a config that serves the application; it goes with its `with`."""

    def __init__(self, build, model, transport, **timeouts):
        super().__init__(build, model, transport)
        self.timeouts = {"idle": 600, "request": 600, "write": 600, "grace": 2, **timeouts}

    def write_config(self):
        listen = "tcp://127.0.0.1:0" if self.transport == "tcp4" else f"unix://{self.folder}/socket"
        limits = settings_text({"head": str(HEAD), "fields": FIELDS, "body": str(BODY), "requests": REQUESTS})
        with open(os.path.join(self.folder, "conf"), "w", encoding="utf-8") as f:
            f.write(f'services = ( {{ name = "web"; listen = [ "{listen}" ];\n'
                    f"  model = {{ {settings_text(MODELS[self.model])} }};\n"
                    f"  timeouts = {{ {settings_text(self.timeouts)} }};\n"
                    f'  handler = {{ type = "http_probe"; http = {{ {limits} }}; }}; }} );\n')


def descriptors(server):
    """How many all its processes hold; None while one of them ends."""
    try:
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in [server.process.pid, *server.serving()])
    except FileNotFoundError:
        return None
