# SPDX-License-Identifier: MIT
"""Chromium, by playwright-core as tests/e2e/report has it: a page with all that belongs to one."""
import os
import shutil

from kit import case, run
from serving import PATIENCE

HERE = os.path.dirname(os.path.abspath(__file__))
BROWSER = os.path.join(HERE, "..", "..", "..", "build-browser", "node_modules")  # ./dev test installs it there


@case("Chromium: a page, what it loads, what is reloaded, and forms that are posted", "node", crowd=True)
def page(site):
    if not shutil.which("chromium") and not shutil.which("chromium-browser"):
        return "there is no chromium"
    paths = {"NODE_PATH": os.pathsep.join(filter(None, (BROWSER, os.environ.get("NODE_PATH"))))}
    if run("node", "-e", 'require.resolve("playwright-core")', env=paths, status=None)[1]:
        return "there is no playwright-core in build-browser/"
    run("node", os.path.join(HERE, "page.js"), site.url("/page.html"), env=paths, seconds=6 * PATIENCE)
    return None
