"""Messages of errors: what happened, to what, and what to do."""

import digest.errors
from digest.errors import DigestError, RenderError


def test_an_error_of_a_template_names_it() -> None:
    """And keeps the name as an attribute."""
    error = RenderError("body.html.jinja", "no such variable")

    assert error.what == "body.html.jinja"
    assert str(error) == "cannot render body.html.jinja: no such variable"


def test_every_error_stands_in_the_drawing_of_its_tree() -> None:
    """The module's docstring is its documentation."""
    drawing = digest.errors.__doc__ or ""
    names = {name for name in digest.errors.__all__ if name.endswith("Error")}

    assert {name for name in names if name not in drawing} == set()
    assert all(issubclass(getattr(digest.errors, name), DigestError) for name in names)
