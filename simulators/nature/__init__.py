"""Pure: what sensors and networks report in a city of one seed, at any moment."""
