"""The processes of the centre, one file each: a room wired to the real world, its parts kept running for ever.

One file each also so that a process loads only what it uses: OpenCV alone is a third of an ingest worker's memory.
"""
