"""Prose profiles: the authors of the replay, known by the words of their earlier titles alone.

No vector of a paper takes part in a profile. What such a reader says is made of their own titles,
for want of sentences that real readers wrote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.ranking.corpora import Embed
from benchmarks.ranking.tasks import Task
from recommender.text import prose_text

__all__ = ["as_prose", "prose_tasks"]


def prose_tasks(tasks: Mapping[str, Task], embed: Embed) -> dict[str, Task]:
    """Return the tasks of a replay with titles for profiles: `prose-last1` for `replay-last1`."""
    names = {
        name: name.replace("replay", "prose").replace("tuning", "tuning-prose") for name in tasks
    }
    return {names[name]: as_prose(task, names[name], embed) for name, task in tasks.items()}


def as_prose(task: Task, name: str, embed: Embed) -> Task:
    """Return the task with titles for profiles, the latest first."""
    titles = [[task.corpus.facts[row].title for row in liked[::-1]] for liked in task.profiles]
    prose = tuple(map(_said, titles))
    told = task.told.replace("profile:", "profile in prose: titles of")
    return replace(task, name=name, told=told, prose=prose, prose_vectors=embed("prose", prose))


def _said(titles: Sequence[str]) -> str:
    return prose_text("; ".join(title.rstrip(" .") for title in titles))
