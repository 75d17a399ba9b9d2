"""A Google Analytics 4 property."""
