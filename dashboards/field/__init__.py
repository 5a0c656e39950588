"""What somebody in the field is shown: small enough for a slow phone, whole enough to work without it."""
