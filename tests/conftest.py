"""Commands speak English to the tests, whatever the locale of whoever runs them."""

import os

from ivr.messages import VARIABLE

os.environ[VARIABLE] = "en"
