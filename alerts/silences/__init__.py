"""Alerts of which nobody is to be told for a while: who wants that, why, until when. It hides no end of an alert."""
