"""The programs' doors to the data."""
