"""Who is on call, as the API shows and changes it; whom a page reaches is decided by the room alerts."""
