"""From a connected account into the tables: when, how far, what came of it."""
