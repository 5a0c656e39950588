"""Who is on call when, who is told in which order, and what the next shift must know; it tells nobody anything."""
