# SPDX-License-Identifier: MIT
"""What a case has at hand: a tree of files, a server of it, clients; and the table of cases."""
import os
import shutil
import tempfile

from board import MODELS, Service, literal, settings_text
from client import Client

CASES = []
SECRET = b"SECRET: outside of the root\n"


def case(title, crowd=False, alone=False):
    """Adds the function to the table; it may return a reason for which it cannot be run here.
    crowd: it needs clients that are served at the same time; alone: it starts its own servers."""
    def add(function):
        CASES.append((title, crowd, alone, function))
        return function
    return add


def same(what, got, want):
    if got != want:
        raise AssertionError(f"{what}: want {want!r}, got {got!r}")


class Site:
    """A temporary folder with a root to be served, a secret beside it, and the config."""

    def __init__(self, build, model, **settings):
        self.build, self.model, self.settings = build, model, settings
        self.folder = tempfile.mkdtemp(prefix="files-")
        os.chmod(self.folder, 0o755)
        self.root = os.path.join(self.folder, "root")
        os.mkdir(self.root)
        with open(os.path.join(self.folder, "secret.txt"), "wb") as f:
            f.write(SECRET)
        self.types = self.put_types()
        self.mount = None  # on a route of the plugin web
        self.wrap = []

    def put_types(self):
        path = os.path.join(self.folder, "mime.types")
        with open(path, "w", encoding="utf-8") as f:
            f.write("# types of this test alone\ntext/html html htm\ntext/plain txt\ntext/css css\n"
                    "text/javascript es js mjs\napplication/json json\nimage/png png\n"
                    "image/svg+xml svg\napplication/pdf pdf\napplication/gzip gz\ntext/x-perl pl\n")
        return path

    def path(self, name):
        return os.path.join(os.fsencode(self.root), os.fsencode(name))

    def put(self, name, content=b""):
        """Writes a file, in folders that are made."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)
        return path

    def modus(self, command):
        return [os.path.join(self.build, "cli", "modus"), command, os.path.join(self.folder, "conf")]

    def rows(self):
        lists = {name: value for name, value in self.settings.items() if isinstance(value, (list, tuple))}
        plain = {name: value for name, value in self.settings.items() if name not in lists}
        text = settings_text({"root": self.root, "types": self.types, **plain})
        for name, items in lists.items():
            if items and isinstance(items[0], tuple):
                text += f" {name} = ( " + ", ".join(
                    f"{{ pattern = {literal(a)}; value = {literal(b)}; }}" for a, b in items) + " );"
            else:
                text += f" {name} = [ " + ", ".join(map(literal, items)) + " ];"
        return text

    def handler(self):
        of = f'{{ type = "files"; {self.rows()} }}'
        return of if not self.mount else f'{{ type = "web"; routes = ( {{ path = "{self.mount}"; app = {of}; }} ); }}'

    def write_config(self):
        with open(os.path.join(self.folder, "conf"), "w", encoding="utf-8") as f:
            f.write(f'services = ( {{ name = "files"; listen = [ "tcp://127.0.0.1:0" ];\n'
                    f"  model = {{ {settings_text(MODELS[self.model])} }};\n"
                    f"  timeouts = {{ idle = 600; request = 600; }};\n"
                    f"  handler = {self.handler()}; }} );\n")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Scene:
    def __init__(self, build, model):
        self.build, self.model = build, model
        self.clients, self.sites, self.services = [], [], []
        self.site = self.service = None

    def place(self, **settings):
        self.sites.append(Site(self.build, self.model, **settings))
        return self.sites[-1]

    def serve(self, site, may_log=""):
        self.site, self.service = site, Service(site, may_log)
        self.services.append(self.service)
        return self.service

    def client(self):
        """A new one; the iterative model serves one at a time, so the last one goes."""
        if self.model == "iterative":
            self.close_clients()
        self.clients.append(Client(self.service.address))
        return self.clients[-1]

    def get(self, target, *fields):
        """A request on a connection of its own."""
        client = self.client()
        try:
            return client.get(target, *fields)
        finally:
            self.clients.remove(client)
            client.close()

    def close_clients(self):
        while self.clients:
            self.clients.pop().close()

    def end_services(self):
        self.close_clients()
        while self.services:
            self.services.pop().stop()

    def end(self):
        try:
            self.close_clients()
        finally:
            while self.services:
                self.services.pop().kill()
            while self.sites:
                self.sites.pop().remove()
