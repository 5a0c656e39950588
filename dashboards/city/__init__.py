"""What every page must know of the city before it draws anything."""
