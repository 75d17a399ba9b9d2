"""Accounts at platforms: permission, choice, sessions, the end of it."""
