"""The 2007 report, fitted on its summaries and checked against its counts."""
