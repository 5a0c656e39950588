"""The city's words: devices, their kinds and metrics, readings, topics, states.

Pure, but for registry.py, which owns the table of devices.
"""
