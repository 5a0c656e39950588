"""An incident told from its beginning: what happened, who was told, who did and said what."""
