"""What Google's APIs have in common: permission and errors."""
