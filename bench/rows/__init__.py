"""The rows of the table, each measured by one function."""
