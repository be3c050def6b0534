"""``python -m pipeline`` is the command ``catalog``."""

from pipeline.cli import main

main()
