"""What `pantau` does once and then returns: each command prints its answer, or raises what refused it."""
