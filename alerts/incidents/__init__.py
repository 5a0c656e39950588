"""Alerts with one cause are one incident: what failed, where, and what hangs on it."""
