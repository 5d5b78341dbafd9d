"""From a table's file to records: bytes, rows, cells."""
