"""Tables as people have them: from a file's bytes to a header and rows, names of columns, numbers.

Standard library only, but for workbooks, which take openpyxl.
"""
