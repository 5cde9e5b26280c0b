"""HTTP doors: parse, authorise, build a command, answer; every error a problem document.

A service's `api.py` makes a `Doors()` router and uses `Commanded` for commands and
`Asked` for reads.
"""

from chassis.http.answers import Answer, answer
from chassis.http.app import build
from chassis.http.bodies import Body, Moment, Text, Title
from chassis.http.doors import Asked, Commanded, Door, doors, path_id
from chassis.http.lists import Page, Paging, page

__all__ = [
    "Answer",
    "Asked",
    "Body",
    "Commanded",
    "Door",
    "Moment",
    "Page",
    "Paging",
    "Text",
    "Title",
    "answer",
    "build",
    "doors",
    "page",
    "path_id",
]
