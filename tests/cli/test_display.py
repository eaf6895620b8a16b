"""What the configuration says of the full screen."""

from __future__ import annotations

import pytest

from archaeologist.cli import exits
from archaeologist.cli.display import screen_options
from archaeologist.errors import UsageError
from archaeologist.settings import load_settings


def test_the_configuration_decides_theme_keys_mouse_and_notifications() -> None:
    variables = {
        "ARCHAEOLOGIST_THEME": "nord",
        "ARCHAEOLOGIST_KEYS": "app.leave=Q; run.pause=space",
        "ARCHAEOLOGIST_MOUSE": "no",
        "ARCHAEOLOGIST_NOTIFY": "osc9,bell",
    }
    options = screen_options(load_settings({}, environment=variables))
    assert options.theme == "nord"
    assert options.keys == {"app.leave": "Q", "run.pause": "space"}
    assert not options.mouse
    assert options.notify == ("osc9", "bell")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("ARCHAEOLOGIST_THEME", "sunset", "there is no theme 'sunset'"),
        ("ARCHAEOLOGIST_KEYS", "app.leaf=Q", "no key is called 'app.leaf'"),
        ("ARCHAEOLOGIST_KEYS", "app.leave=Q,control+Q", r"app.leave cannot have 'control\+Q', which is no key"),
        ("ARCHAEOLOGIST_NOTIFY", "pigeon", "nobody can be told by 'pigeon'"),
    ],
)
def test_what_is_not_there_is_an_error(variable: str, value: str, message: str) -> None:
    settings = load_settings({}, environment={variable: value})
    with pytest.raises(UsageError, match=message):
        screen_options(settings)


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("control+Q", "did you mean `ctrl+q`?"),
        ("meta+shift+foo", "keys are `Q`, `ctrl+q`, `f2`, `slash`; two: `Q,f2`"),
        ("Q,", "did you mean `comma`?"),
        ("", "keys are `Q`, `ctrl+q`, `f2`, `slash`; two: `Q,f2`"),
    ],
)
def test_what_is_no_key_is_refused_with_the_one_that_was_meant(keys: str, hint: str) -> None:
    settings = load_settings({}, environment={"ARCHAEOLOGIST_KEYS": f"app.leave={keys}"})
    with pytest.raises(UsageError) as raised:
        screen_options(settings)
    assert raised.value.hint == hint
    assert raised.value.exit_code == exits.USAGE
