# SPDX-License-Identifier: MIT
"""What the programs here share with those that test the board: starting servers, awaiting, telling results."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "board"))

from service import MODELS, PATIENCE, Failure, Service, await_that, literal, settings_text  # noqa: E402,F401
from tap import Tap  # noqa: E402,F401
