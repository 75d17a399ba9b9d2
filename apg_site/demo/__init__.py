"""The sample channel of `manage.py demo`: made from a seed, written as the files a user would upload."""
