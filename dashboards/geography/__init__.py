"""Where things lie: the outlines of the regency and its areas, the cables between points, the tiles under them."""
