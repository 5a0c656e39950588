"""The state of every device: judged, given a cause, stored as a history. It asks no device anything."""
