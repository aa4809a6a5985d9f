"""The first sheet of an XLSX workbook as CSV, in bounded memory however large the sheet is.

A program (`python -m dialer.workbook`), for a stranger's file is read by a process of its own. It
streams: XML by expat, rows as they end, shared texts on disk. Imports the model and the standard
library only, and so starts at once.
"""
