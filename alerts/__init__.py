"""Decides what is wrong and tells whoever must know. Refuses to observe: it judges only what others committed."""
