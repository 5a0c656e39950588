"""How long a test waits for what must come: on a machine that is busy with something else it comes late.

It costs nothing where tests pass. What must come within a time is measured by `tests.bench`, not here.
"""

PATIENCE_SECONDS = 120.0
PATIENCE_MS = 1_000 * PATIENCE_SECONDS
