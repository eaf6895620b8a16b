"""What the survey counts: one old module with every construct, and how often each is found."""

from __future__ import annotations

from collections import Counter

import pytest

from archaeologist_tools.engine.registry import all_rules
from support.rewriting import survey

ALL = [rule.code for rule in all_rules()]

OLD_MODULE = '''\
# coding: utf-8
from __future__ import print_function, division
import glob, io, logging, os, socket, sys
import os.path as p
from os import path
from os.path import join as j
from typing import Any, Dict, List, Optional
import six
from six.moves import range

try:
    import json
except ImportError:
    import simplejson as json

PY2 = sys.version_info[0] == 2
if PY2 and six.PY3:
    text = unicode
    text(six.u('x'))

log = logging.getLogger(__name__)
count = 0


class Store(dict, object):
    __metaclass__ = type

    def __init__(self, name):
        super(Store, self).__init__()
        self.name = name

    def load(self):
        """Load."""
        global count
        count += 1
        with open(self.name) as handle:
            return handle.read()

    def typed(self) -> int:
        f = open(self.name)
        g = io.open(j('a', p.basename(self.name)))
        h = Path('x').open()
        with closing(open('y')) as k:
            return len('%s' % self.name), '{}'.format(f), f'{"%d" % 1}', b'%s' % g

    def walk(self):
        for key, value in self.iteritems():
            log.info('found %s' % key)
            os.remove(path.abspath(glob.glob(key)[0]))
        try:
            return set([1]), dict([(u'a', 1)]), u'b'
        except (IOError, socket.error, os.error):
            raise EnvironmentError


async def fetch(url: str): pass
'''

FOUND = {
    "AR001": 3,
    "AR002": 1,
    "AR003": 1,
    "AR004": 1,
    "AR010": 3,
    "AR011": 4,
    "AR012": 3,
    "AR013": 2,
    "AR020": 1,
    "AR021": 1,
    "AR022": 1,
    "AR023": 1,
    "AR030": 2,
    "AR031": 3,
    "AR032": 3,
    "AR033": 1,
    "AR034": 2,
    "AR035": 1,
    "AR036": 4,
    "AR037": 1,
    "AR038": 2,
    "AR039": 3,
    "AR040": 3,
    "AR050": 1,
    "AR051": 1,
    "AR052": 4,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_construct_is_counted(newline: str) -> None:
    findings = survey(OLD_MODULE.replace("\n", newline), *ALL).findings
    counted = Counter(finding.rule for finding in findings)
    assert {code: number for code, number in counted.items() if code < "AR1"} == FOUND


def test_every_finding_has_a_place_and_words() -> None:
    for finding in survey(OLD_MODULE, *ALL).findings:
        line = OLD_MODULE.splitlines()[finding.span.line - 1]
        assert 1 <= finding.span.column <= len(line) + 1
        assert finding.span.start <= finding.span.end <= len(OLD_MODULE)
        assert finding.message


def test_finding_inside_an_f_string_has_the_place_of_the_f_string() -> None:
    (finding,) = survey("x = 1\ny = f'a{\"%s\" % b}'\n", "AR001").findings
    assert (finding.span.line, finding.span.column) == (2, 5)
