"""Questions to a camera in RTSP, so far as they tell why it cannot be played. Plays nothing itself."""
