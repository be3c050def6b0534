"""``python -m pipeline.schemas``: write the schemas and the docs of the fields anew. A test says when they are out of date."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.folder import write_file
from pipeline.schemas.fields import docs
from pipeline.schemas.items import items_schema
from pipeline.schemas.tables import tables_schema

HERE = Path(__file__).parent


def generated() -> dict[Path, str]:
    """Every generated file, with what it must hold."""
    schemas = {"items": items_schema(), "tables": tables_schema()}
    files = {
        HERE / f"{name}.schema.json": json.dumps(data, ensure_ascii=False, indent=1) + "\n" for name, data in schemas.items()
    }
    return files | {HERE.parents[1] / "docs" / name: text for name, text in docs().items()}


if __name__ == "__main__":
    for path, text in generated().items():
        write_file(path, text.encode())
