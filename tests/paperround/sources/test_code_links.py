"""A repository is found where a paper or a source names one, and nowhere else."""

import pytest

from paperround.sources.code_links import find_repository, repository


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/ada/engine",
        "http://www.github.com/ada/engine/",
        "github.com/ada/engine.git",
        "https://GitHub.com/ada/engine/tree/main/src",
    ],
)
def test_a_repository_has_one_address(address: str) -> None:
    """Whatever stands before and after owner and name is dropped."""
    assert repository(address) == "https://github.com/ada/engine"


@pytest.mark.parametrize(
    "address",
    [
        "https://ada.github.io/engine",
        "https://mygithub.com/ada/engine",
        "https://github.com/ada",
        "github.com",
        "",
    ],
)
def test_a_project_page_is_no_repository(address: str) -> None:
    """The badge promises code."""
    assert repository(address) is None


def test_the_repository_of_an_abstract_is_found() -> None:
    """The full stop after it is not part of its name."""
    abstract = "We do much. Code is available at https://gitlab.com/ada/engine-2.0."

    assert find_repository(["10 pages", abstract]) == "https://gitlab.com/ada/engine-2.0"


def test_an_abstract_with_two_repositories_says_nothing() -> None:
    """One of them is somebody else's."""
    assert find_repository(["github.com/ada/one improves on github.com/grace/two"]) is None


def test_the_first_text_with_one_repository_wins() -> None:
    """A comment is given before the abstract, because it speaks of the paper itself."""
    assert find_repository(["", "github.com/a/b", "github.com/c/d"]) == "https://github.com/a/b"
