# SPDX-License-Identifier: MIT
"""What a case has at hand: clients, users and servers, all of which end with it; and the table of cases."""
import itertools

from client import Client
from service import SMALL, Place, Service

PASSWORD = "right-horse"
CASES = []


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


class Stage:
    numbers = itertools.count(1)

    def __init__(self, build, model, transport):
        self.build, self.model, self.transport = build, model, transport
        self.service, self.clients, self.places, self.services = None, [], [], []

    # ---- Servers of its own ----

    def place(self, **settings):
        model = settings.pop("model", self.model)
        self.places.append(Place(self.build, model, self.transport, **{**SMALL, **settings}))
        return self.places[-1]

    def serve(self, place, may_log=""):
        """Ends what was served, and serves this."""
        self.end_services()
        self.service = Service(place, may_log)
        self.services.append(self.service)
        return self.service

    def end_services(self):
        self.close_clients()
        while self.services:
            self.services.pop().stop()

    def close_clients(self):
        while self.clients:
            self.clients.pop().close()

    def end(self):
        try:
            self.end_services()
        finally:
            while self.services:
                self.services.pop().kill()
            while self.places:
                self.places.pop().remove()

    # ---- Clients ----

    def name(self, stem="user"):
        return f"{stem}{next(self.numbers)}"

    def guest(self, greeted=True):
        client = Client(self.service.address, greeted)
        self.clients.append(client)
        return client

    def user(self, stem="user"):
        return self.become(self.guest(), self.name(stem))

    def become(self, client, name, *, login=False):
        """The client is another user from now on: a new one, or one that logs in."""
        if client.name:
            client.ask("LOGOUT", 282)
        verb, code = ("LOGIN", 281) if login else ("REGISTER", 280)
        reply = client.ask(f"{verb} {name} {PASSWORD}", code)
        same("the name", reply.words[0], name)
        client.name = name
        return client

    def promote(self, client):
        """Makes its user a moderator."""
        self.service.sql("UPDATE users SET moderator = 1 WHERE name = ?", client.name)
        return self.become(client, client.name, login=True)

    def moderator(self, client=None):
        return self.promote(self.become(client, self.name("mod")) if client else self.user("mod"))

    def topic(self, client, subject="A subject", body="a body", board="general"):
        """Begins a topic: (its number, that of its post)."""
        client.ask(f"OPEN {board}", 211)
        post, topic, position = client.post(f"NEW {subject}", body, 240).words[:3]
        same("the position of a topic's first post", position, "1")
        return topic, post
