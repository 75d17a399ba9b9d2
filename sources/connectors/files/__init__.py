"""Files that people hand in: CSV tables of ours, and what platforms export."""
