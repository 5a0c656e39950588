"""`python -m deploy` is `pantau`."""

import sys

from deploy.cli import main

sys.exit(main())
