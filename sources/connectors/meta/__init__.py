"""Facebook pages, Facebook ads, Instagram, and what Meta tells advertisers of an audience."""
