"""The simulated cameras' protocol, from the drawn picture to the RTP packet."""
