"""The programs' doors to the personas."""
