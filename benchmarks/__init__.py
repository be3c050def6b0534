"""Speed and accuracy beside the peers, in one run: ``python -m benchmarks [NAME …]`` or ``make bench``.

A benchmark is a module with a ``TITLE`` and a function ``run()`` that returns its section of ``RESULTS.md`` (Markdown below the
title), or raises ``setting.Skipped`` where what it needs is not there. Samples and corpora are not part of the project: they
are looked for in ``../shared``, or in the folder that ``--shared`` or the environment variable ``BENCH_SHARED`` names.
"""
