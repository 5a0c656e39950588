"""Pure: whether a camera's picture can be trusted, and what is wrong with it, judged frame by frame."""
