"""New sample catalogs with their truth: typeset PDFs and damaged text dumps that no rule was tuned for.

``python -m benchmarks.typeset -o FOLDER --layouts 40 --dumps 20 --seed 7`` writes one folder a sample,
``FOLDER/layouts/NNN-<renderer>-<domain>/{source.pdf,layout.json,truth.json}`` and
``FOLDER/dumps/NNN-dump-<domain>/{source.txt,truth.json}``. The same seed draws the same catalogs, layouts and damages; the
bytes of a PDF depend on the renderer's version.

The line of the data: ``words`` (vocabulary) → ``catalog`` (rows and merged spans) → ``truth`` (what must come out) and, with a
drawn ``layout``, ``cells`` (what is printed where) → ``html`` / ``docx`` / ``xlsx`` → ``render`` → ``check`` (is every
character of the truth in the text layer?). ``dump`` prints a catalog as a text dump and ``damage`` spoils it. ``scan`` has the
pages drawn as pictures, ``scanner`` spoils those, and ``picture_pdf`` makes a PDF of them (``--scans 12``).

Chromium and LibreOffice must be on the PATH; python-docx, openpyxl and weasyprint are imported where they are used.
"""
