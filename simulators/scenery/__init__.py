"""What a simulated camera looks at: the street, its light and weather, and what happens to the lens."""
