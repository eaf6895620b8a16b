"""AR035: what must stay, then what is written."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.models import ProjectFacts
from support.rewriting import check_noop, check_transformed

TRY = "try:\n    {}\nexcept {}:\n    {}\n"
LEFT_ALONE = [
    ("try:\n    from .a import b\nexcept ImportError:\n    from .c import b\n", "optional"),
    (TRY.format("import yaml", "ImportError", "yaml = None"), "optional"),
    (TRY.format("import simplejson as json", "ImportError", "import json"), "optional"),
    (TRY.format("from pipes import quote", "ImportError", "from shlex import split as quote"), "optional"),
    (TRY.format("from pipes import quote, Template", "ImportError", "from shlex import quote"), "optional"),
    (TRY.format("from pipes import quote", "ImportError", "from .shlex import quote"), "optional"),
    (TRY.format("import sqlite3", "ImportError", "sqlite3 = None"), "optional"),
    (TRY.format("import tomllib", "ImportError", "import tomli as tomllib"), "optional"),
    (TRY.format("from urllib.parse import quote, strange", "ImportError", "pass"), "optional"),
    (TRY.format("from urllib import parse, quote", "ImportError", "pass"), "optional"),
    (TRY.format("from .urllib2 import x", "ImportError", "pass"), "optional"),
    (TRY.format("from json import *", "ImportError", "pass"), "optional"),
    (TRY.format("import json, yaml", "ImportError", "pass"), "optional"),
    (TRY.format("import json; x()", "ImportError", "pass"), "optional"),
    (TRY.format("import urllib2; x()", "ImportError", "pass"), "layout"),
    (TRY.format("import json", "ImportError", "pass") + "else:\n    x\n", "layout"),
    (TRY.format("import json", "ImportError", "pass") + "finally:\n    x\n", "layout"),
    (TRY.format("import urllib2", "ImportError as e", "print(e)"), "re-raise"),
    (TRY.format("import urllib2", "ImportError", "raise"), "re-raise"),
    ("try:  # first\n    import json\nexcept ImportError:\n    json = 1\n", "comment"),
    ("try:\n    import urllib2\n# why\nexcept ImportError:\n    x\n", "comment"),
    ("def f():\n    try:\n        import json\n    except ImportError:\n        g = 1\n    return g\n", "scope"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR035", reason, target=(3, 8))


def test_module_of_the_project_by_the_same_name() -> None:
    facts = ProjectFacts(modules=("StringIO", "json", "shlex"))
    moved = TRY.format("from pipes import quote", "ImportError", "from shlex import quote")
    check_noop(moved, "AR035", "optional", facts=facts)
    for name in ("json", "StringIO"):
        source = TRY.format(f"import {name}", "ImportError", "pass")
        check_noop(source, "AR035", "optional", facts=facts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TRY.format("import json", "ImportError", "import simplejson as json"), "import json\n"),
        (TRY.format("import cPickle as pickle", "ImportError", "import pickle"), "import pickle\n"),
        (TRY.format("from pipes import quote", "ImportError", "from shlex import quote"), "from shlex import quote\n"),
        (
            TRY.format("import xml.etree.cElementTree as ET", "ImportError", "import xml.etree.ElementTree as ET"),
            "import xml.etree.ElementTree as ET\n",
        ),
        (
            TRY.format("from base64 import encodestring as e", "ImportError", "from base64 import encodebytes as e"),
            "from base64 import encodebytes as e\n",
        ),
        (TRY.format("from urllib import quote", "ImportError", "from urllib.parse import quote"), None),
        (TRY.format("from urllib.parse import quote", "ImportError", "from urllib import quote"), None),
        (TRY.format("import urllib2", "(ImportError, AttributeError)", "urllib2 = None"), "urllib2 = None\n"),
        (TRY.format("import urllib2", "ValueError", "a") + "except ImportError:\n    b\n", "b\n"),
        ("try:  # Python 3\n    import queue\nexcept ImportError:  # Python 2\n    import Queue as queue\n", None),
        ("try: import queue\nexcept ImportError: import Queue as queue\n", "import queue\n"),
        (
            "if x:\r\n\ttry:\r\n\t\t# two\r\n\t\timport io\r\n\t\timport abc\r\n\texcept ImportError:\r\n\t\tpass\r\n",
            "if x:\r\n\t# two\r\n\timport io\r\n\timport abc\r\n",
        ),
        (
            TRY.format("import urllib2", "ImportError", "try:\n        import a\n    except ImportError:\n        b"),
            "try:\n    import a\nexcept ImportError:\n    b\n",
        ),
    ],
)
def test_rewritten(before: str, after: str | None) -> None:
    if after is None:
        after = "from urllib.parse import quote\n" if "quote" in before else "import queue\n"
    check_transformed(f"{before}", after, "AR035")
