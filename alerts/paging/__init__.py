"""From alerts to pages: what is told together, when, to whom, and how often. Writes the outbox; delivers nothing."""
