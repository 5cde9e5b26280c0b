"""The house's rules about its own files, held here because no linter knows them."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 250
SOURCES = {".md", ".proto", ".py", ".sh", ".sql", ".toml", ".yaml", ".yml"}
# Written by machines, recorded, or data with a sentence to every field: nobody reads them from
# top to bottom.
GENERATED = re.compile(
    r"_pb2(_grpc)?\.pyi?$|^tests/golden/|\.proto$|^suite/data/|^requirements|^docs/(PERFORMANCE|FAULTS)\.md$"
)
BLANKET = re.compile(
    r"#\s*type:\s*ignore(?!\[)|#\s*(ruff:\s*)?noqa(?!:\s*[A-Z])|#\s*mypy:\s*ignore-errors"
)
OUTSIDE = re.compile(r"(?<![\w.*-])/(?:work|root)/")


@cache
def ours() -> tuple[str, ...]:
    """Return the files that are committed or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(name for name in listed.stdout.split("\0") if (ROOT / name).is_file())


def sources() -> Iterator[tuple[str, list[str]]]:
    for name in ours():
        path = ROOT / name
        if (path.suffix in SOURCES or path.name == "Makefile") and not GENERATED.search(
            name
        ):
            yield name, path.read_text().splitlines()


def test_no_file_is_longer_than_one_reads_in_one_go() -> None:
    offences = [
        f"{name}: {len(lines)} lines" for name, lines in sources() if len(lines) > LONGEST
    ]
    assert not offences, "\n".join(offences)


def test_every_exception_from_a_check_names_the_check() -> None:
    offences = [
        f"{name}:{number}: {line.strip()}"
        for name, lines in sources()
        if name.endswith(".py")
        for number, line in enumerate(lines, 1)
        if BLANKET.search(line)
    ]
    assert not offences, "\n".join(offences)


def test_every_match_of_a_domain_is_closed() -> None:
    open_ended = [
        f"{name}:{case.pattern.lineno}"
        for name, lines in sources()
        if re.match(r"services/[^/]+/domain/.*\.py$", name)
        for node in ast.walk(ast.parse("\n".join(lines)))
        if isinstance(node, ast.Match)
        for case in node.cases
        if is_wildcard(case) and not asserts_never(case)
    ]
    assert not open_ended, "\n".join(open_ended)


def is_wildcard(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def asserts_never(case: ast.match_case) -> bool:
    match case.body[0]:
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
            return case.guard is None
        case _:
            return False


def test_no_file_names_a_folder_of_somebody_s_machine() -> None:
    offences = [
        f"{name}:{number}"
        for name in ours()
        if not GENERATED.search(name)
        for number, line in enumerate((ROOT / name).read_bytes().split(b"\n"), 1)
        if OUTSIDE.search(line.decode(errors="replace"))
    ]
    assert not offences, "\n".join(offences)


def test_locks_name_what_to_install_and_not_where_from() -> None:
    locks = [name for name in ours() if name.endswith(".lock")]
    assert "requirements.lock" in locks
    offences = [name for name in locks if "://" in (ROOT / name).read_text()]
    assert not offences, "\n".join(offences)
    offences = [name for name in locks if "--hash=sha256:" not in (ROOT / name).read_text()]
    assert not offences, "\n".join(offences)
