"""Command line: ``python -m benchmarks.typeset -o FOLDER [--layouts N] [--dumps N] [--scans N] [--seed S]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import make, scan
from .scanner import KINDS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typeset", description="New sample catalogs with their truth.")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write layouts/, dumps/ and scans/ into")
    parser.add_argument("--layouts", type=int, default=40, help="how many PDFs")
    parser.add_argument("--dumps", type=int, default=20, help="how many text dumps")
    parser.add_argument("--scans", type=int, default=0, help="how many scanned PDFs")
    parser.add_argument("--kinds", default=",".join(KINDS), help="kinds of scans, in turn (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for line in make.layouts(args.output / "layouts", args.layouts, args.seed):
        print(line, flush=True)
    for line in make.dumps(args.output / "dumps", args.dumps, args.seed):
        print(line, flush=True)
    for line in scan.scans(args.output / "scans", args.scans, args.seed, args.kinds.split(",")):
        print(line, flush=True)


if __name__ == "__main__":
    main()
