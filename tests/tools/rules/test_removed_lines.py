"""Lines that go as a whole: the blank lines around them go with them, and no more than those."""

from __future__ import annotations

import pytest

from support.rewriting import check_transformed, rewrite

FUTURE, COOKIE = "AR033", "AR037"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Doc."""\n\nfrom __future__ import division\nimport os\n', '"""Doc."""\n\nimport os\n'),
        ('"""Doc."""\nfrom __future__ import division\n\nimport os\n', '"""Doc."""\n\nimport os\n'),
        ('"""Doc."""\n\nfrom __future__ import division\n\nimport os\n', '"""Doc."""\n\nimport os\n'),
        (
            '"""Doc."""\n\nfrom __future__ import division\n\n\ndef f():\n    """F."""\n',
            '"""Doc."""\n\n\ndef f():\n    """F."""\n',
        ),
        ("#!/bin/sh\n\n\nfrom __future__ import division\n\nimport os\n", "#!/bin/sh\n\n\nimport os\n"),
        (
            '"""Doc."""\r\n\r\nfrom __future__ import (\r\n    division,\r\n)\r\n\r\nimport os\r\n',
            '"""Doc."""\r\n\r\nimport os\r\n',
        ),
    ],
)
def test_the_larger_gap_around_an_import_from_the_future_stays(before: str, after: str) -> None:
    check_transformed(before, after, FUTURE)


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_several_imports_from_the_future_leave_one_gap(between: str) -> None:
    before = (
        f'"""Doc."""\n\nfrom __future__ import division\n{between}from __future__ import print_function\n\n\nA = 1\n'
    )
    assert rewrite(before, FUTURE).layers[-1].data.decode() == '"""Doc."""\n\n\nA = 1\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('# coding: utf-8\n\n\n"""Doc."""\n', '"""Doc."""\n'),
        ("# coding: utf-8\nimport os\n", "import os\n"),
        ("#!/bin/sh\n# coding: utf-8\n\nimport os\n", "#!/bin/sh\n\nimport os\n"),
        ("# coding: utf-8\n\x0c\nimport os\n", "\x0c\nimport os\n"),
        ("\ufeff# coding: utf-8\n\nimport os\n", "\ufeffimport os\n"),
    ],
)
def test_a_file_does_not_begin_with_the_gap_below_its_cookie(before: str, after: str) -> None:
    check_transformed(before, after, COOKIE)


def test_a_file_that_began_with_a_gap_keeps_it() -> None:
    check_transformed("\n# coding: utf-8\nimport os\n", "\nimport os\n", COOKIE)
