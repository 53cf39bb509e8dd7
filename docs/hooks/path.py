"""First of the hooks: imports what hooks need that is not installed, so that they find it by name,
`from hooks.math import notation`. MkDocs takes back what a hook puts on sys.path."""

import sys
from importlib import import_module
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(DOCS), str(DOCS.parent / "tests")]
for name in ("hooks", "runtime", "course", "equations.report", "prose.extract", "records"):
    import_module(name)
