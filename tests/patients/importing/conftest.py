"""Running the import as an operator does."""

import io
import json
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command


@dataclass
class Ran:
    """What the command printed, and its exit code."""

    out: str
    err: str
    code: int


@pytest.fixture
def importing(tmp_path):
    """`importing(text_or_resource, ...)`: write it to a file and import that."""

    def run(content, *options):
        path = tmp_path / "people"
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content, ensure_ascii=False)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_patients", str(path), *options, stdout=out, stderr=err)
        except SystemExit as end:
            return Ran(out.getvalue(), err.getvalue(), end.code)
        except CommandError as refusal:
            return Ran(out.getvalue(), f"{err.getvalue()}{refusal}", refusal.returncode)
        return Ran(out.getvalue(), err.getvalue(), 0)

    return run
