"""Rules: the city's, and those that operators made."""
