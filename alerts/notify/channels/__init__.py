"""The ways out: one file per kind of channel, each with its settings and its sender. None decides who hears of what."""
