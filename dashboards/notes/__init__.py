"""What people write down about a device or an incident, and the pictures they took there."""
