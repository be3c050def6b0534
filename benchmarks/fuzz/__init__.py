"""Mutated sources through the whole pipeline: each ends in rows or in a one-line error, in bounded time and memory.

``python -m benchmarks.fuzz --seconds 3600`` is ``make fuzz``; a run of a few seconds is among the tests.
"""
