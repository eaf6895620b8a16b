"""The facts of one file, and those of a whole project: plain values, so that they travel as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from archaeologist_tools.project.lookups import Lookups
from archaeologist_tools.project.value_flow import KnownParts  # noqa: TC001 - documents are validated by these types


@dataclass(frozen=True)
class ClassFact:
    """A class of the project.

    Attributes:
        name: its name, without the module.
        parents: the last parts of all names in its bases, keywords and decorators.
        methods: the names of its functions.
        values: what else is assigned in it, as `name=kind`; the kind is empty where it is no literal.
    """

    name: str
    parents: tuple[str, ...]
    methods: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class FlagFact:
    """A name that a module sets to a question for the Python version.

    Attributes:
        name: the flag.
        value: what it is; None when that is not known.
        since: the minor version of Python 3 from which on it is that.
    """

    name: str
    value: bool | None
    since: int = 0


@dataclass(frozen=True)
class FileFacts:
    """What one file contributes.

    Attributes:
        modules: the folder and module names the file can be imported under.
        stem: the last part of its module's name.
        rebound: builtin names that the module binds at its top level.
        stars: top-level packages of absolute `from x import *` outside the standard library.
        classes: its classes.
        metaclasses: names of classes and functions that make classes and may drop `__classcell__`.
        starred: last parts of the names of modules that it imports everything from.
        reached: modules of the standard library that it reaches through another module, such as `util.os`, or names in
        a dotted text, such as `'app.util.os.path.exists'`.
        patched: functions around files that it replaces, as tests do: `os.path.exists`, `open`.
        replaced_loggers: `module.name:method` for loggers that it replaces and whose calls it looks at.
        tuples: names of classes made with namedtuple, or derived from tuple.
        tuple_fields: the fields of these.
        private: private names that it reads as attributes or imports, or names in a text.
        stored: attributes that it assigns to through another name than `self`.
        formats: one of its classes has a `__format__` of its own, or is an Enum of another type as well.
        logs: it is no test, and imports the standard library's logging.
        results: what its functions give, where that is known: `function` or `Class.method`, and a description.
        plain_values: keys of values, as `hints` has them, that it shows to be no tuples.
        tuple_values: keys of values that it shows to be tuples.
        value_flows: pairs of keys: what the second is, the first may be.
        place: where the file is, in the tree of modules.
        package: it makes a folder a package.
        flags: its flags that say which Python runs.
        replaced_flags: flags of other modules that it sets.
        inspected: what it imports, when it looks at annotations or signatures.
        reads_records: it looks at what the messages of a logger were made of.
        composed: how private names begin and end that it puts together and looks up, as `start*end`.
        taken: names that it takes from other modules, as `module.name`.
        lent: names that it imports from the standard library or from six.
        loose: names under which more may be called than a plain method of a class.
    """

    modules: tuple[str, ...] = ()
    stem: str = ""
    rebound: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()
    classes: tuple[ClassFact, ...] = ()
    metaclasses: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    replaced_loggers: tuple[str, ...] = ()
    tuples: tuple[str, ...] = ()
    tuple_fields: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    formats: bool = False
    logs: bool = False
    results: tuple[tuple[str, str], ...] = ()
    plain_values: tuple[str, ...] = ()
    tuple_values: tuple[str, ...] = ()
    value_flows: tuple[tuple[str, str], ...] = ()
    place: str = ""
    package: bool = False
    flags: tuple[FlagFact, ...] = ()
    replaced_flags: tuple[str, ...] = ()
    inspected: tuple[str, ...] = ()
    reads_records: bool = False
    composed: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    lent: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProjectFacts:
    """What all files say together.

    Attributes:
        own_metaclasses: the project makes classes in a way that may drop `__classcell__`, on which `super()` rests.
        tainted: names of classes that such a metaclass makes, directly or by inheritance, and of the metaclasses
        themselves. rebound: builtin names that some module binds, and so may hand on through `from x import *`.
        foreign_stars: some module star-imports from a package that is neither the project's nor the standard library's.
        modules: names of the project's own folders and modules.
        starred: last parts of the names of modules that some module imports everything from.
        reached: modules of the standard library that some module reaches through another one.
        patched: functions around files that some module replaces.
        replaced_loggers: `module.name:method` for loggers that some module replaces and whose calls it looks at.
        tuples: names of classes whose objects may be tuples.
        tuple_fields: the fields of the project's named tuples.
        plain: names of classes whose objects are surely no tuples.
        private: private names that one file reads as attributes or imports, or names in a text.
        shared: those that several files do.
        stored: attributes that one file assigns to through another name than `self`.
        stored_by_many: those that several files do.
        overridden: `Class.name` for methods and values that a class in another file defines again.
        formats: some class may give another text for `format(x)` than for `str(x)`.
        logs: some file imports the standard library's logging.
        results: what `module.function` gives, and what `.method` gives on every class of the project that has it.
        plain_values: parts of values of which some place shows that they are no tuples, and none that they may be some;
        none for a single file, which is no project.
        tuple_values: parts of values that may be tuples.
        own_logger: some class of the project has the methods of a logger.
        text_methods: methods of the project's classes that are named as those of text or of a match.
        flags: the flags that say which Python runs, with the places of their modules.
        replaced_flags: flags that some module sets in another one.
        inspected: names of modules and of what is in them that some module imports which looks at annotations.
        reads_records: some module looks at what the messages of a logger were made of.
        composed: how private names begin and end that some module puts together and looks up, as `start*end`.
        taken: names that some module takes from another one, as `module.name`, and that the other one has imported from
        the standard library or from six; flags for the Python version, and copies of six.
    """

    own_metaclasses: bool = False
    tainted: tuple[str, ...] = ()
    rebound: tuple[str, ...] = ()
    foreign_stars: bool = False
    modules: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    replaced_loggers: tuple[str, ...] = ()
    tuples: tuple[str, ...] = ()
    tuple_fields: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    stored_by_many: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    formats: bool = False
    logs: bool = False
    own_logger: bool = False
    text_methods: tuple[str, ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    plain_values: KnownParts = ()
    tuple_values: KnownParts = ()
    flags: tuple[tuple[str, FlagFact], ...] = ()
    replaced_flags: tuple[str, ...] = ()
    inspected: tuple[str, ...] = ()
    reads_records: bool = False
    composed: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    @cached_property
    def lookups(self) -> Lookups:
        """The same as sets and mappings."""
        return Lookups(self)
