"""Silences: for which alerts nobody is called, for how long and why."""
