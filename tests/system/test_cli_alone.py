"""The command without any suite: its help, its calendar, and what it says goes wrong."""

import sys
from pathlib import Path

import pytest
import typer.main

from suite.cli import main
from suite.commands import app
from tests.support.cli import call, lines

NOTICE = """\
year: 2031
source: 国办发明电〔2030〕1号
issued: 2030-11-05
rest:
  - {name: 元旦, from: 2031-01-01, to: 2031-01-03}
work:
  - {name: 元旦, day: 2031-01-04}
"""


def commands() -> list[str]:
    def walk(command: object, path: str) -> list[str]:
        inner = getattr(command, "commands", None)
        if inner is None:
            return [path]
        return [p for name, c in inner.items() for p in walk(c, f"{path} {name}")]

    return walk(typer.main.get_command(app), "")


@pytest.mark.parametrize("command", commands())
def test_every_command_shows_examples(command: str, tmp_path: Path) -> None:
    said = "\n".join(lines(tmp_path, *command.split(), "--help"))
    assert "Examples:" in said
    assert f"shuniu{command}" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("today", "--as", "li.juan"), "no suite is running on "),
        (("events", "tail"), "no suite is running on "),
        (("token", "--as", "li.juan"), "no suite is running on "),
        (("admin", "lag"), "no suite is running on "),
        (("today", "--url", "shuniu.example.org"), "shuniu.example.org is no address"),
        (("today", "--url", "http://127.0.0.1:9"), "a remote suite wants a token"),
        (
            ("today", "--url", "http://127.0.0.1:9", "--token", "x"),
            "SHUNIU_TOKEN is no JSON",
        ),
        (("calendar", "show", "1900"), "no calendar for 1900"),
        (("calendar", "check", "nowhere.yaml"), "cannot read nowhere.yaml"),
        (("migrate", "meeting"), "no service is called meeting; known are: "),
    ],
)
def test_what_goes_wrong_is_one_line(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    result = call(tmp_path / "nothing", *words)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"shuniu: {said}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dance",), "No such command 'dance'. See `shuniu --help`."),
        (("today", "--lang", "fr"), "Invalid value for '--lang'"),
        (("feedback", "give", "x"), "Missing option"),
        (("demo", "--until", "tomorrow"), "Invalid value: write a time with its offset"),
    ],
)
def test_what_cannot_be_understood_is_one_line(
    words: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["shuniu", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"shuniu: {said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: [", "line 1: "),
        ("name: x", "organisation: Field required"),
        ("[]", "the whole file: Input should be a valid dictionary"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_one_line(
    content: str, said: str, tmp_path: Path
) -> None:
    scenario = tmp_path / "ours.yaml"
    scenario.write_text(content, "utf-8")
    result = call(tmp_path / "state", "demo", "--once", "--scenario", str(scenario))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"shuniu: {scenario}: ")
    assert said in line


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (("serve", "documents"), {}, "the production profile needs SHUNIU_OIDC_ISSUER"),
        (("up",), {"SHUNIU_PROFILE": "production"}, "the production profile needs"),
        (
            ("serve", "documents"),
            {"SHUNIU_PROFILE": "demo", "SHUNIU_HTTP_PORT": "many"},
            "SHUNIU_HTTP_PORT: ",
        ),
        (("serve", "documents"), {"SHUNIU_PROFILE": "demo"}, "set SHUNIU_DATABASE_URL"),
        (("migrate",), {"SHUNIU_PROFILE": "demo"}, "set SHUNIU_OWNER_DATABASE_URL"),
    ],
)
def test_settings_that_are_missing_are_named(
    words: tuple[str, ...],
    settings: dict[str, str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # where no .env is
    result = call(tmp_path, *words, **settings)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"shuniu: {said}")


def test_a_year_of_the_calendar(tmp_path: Path) -> None:
    said = lines(tmp_path, "calendar", "show", "2025")
    assert said[:2] == [
        "2025  已发布（confirmed）  国办发明电〔2024〕12号",
        "工作日（Working days）248",
    ]
    assert "  休 05-01 周四 — 05-05 周一，5天  劳动节" in said
    assert "  班 04-27 周日  劳动节" in said


def test_a_notice_is_checked_and_imported(tmp_path: Path) -> None:
    notice, site = tmp_path / "2031.yaml", tmp_path / "site"
    notice.write_text(NOTICE, "utf-8")
    assert lines(tmp_path, "calendar", "check", str(notice))[0].startswith(
        "2031  已发布（confirmed）  国办发明电〔2030〕1号"
    )
    into = ("calendar", "import", str(notice), "--to", str(site))
    assert any("已载入" in line for line in lines(tmp_path, *into))
    assert any("已有相同文件" in line for line in lines(tmp_path, *into))
    shown = lines(tmp_path, "calendar", "show", "2031", "--calendars", str(site))
    assert "  班 01-04 周六  元旦" in shown
    notice.write_text(NOTICE.replace("01-03", "01-02"), "utf-8")
    refused = call(tmp_path, *into)
    assert (refused.exit_code, "is there and differs" in refused.stderr) == (2, True)
    notice.write_text(NOTICE.replace("2031-01-03", "2031-01-33"), "utf-8")
    broken = call(tmp_path, "calendar", "check", str(notice))
    assert broken.stderr.startswith(f"shuniu: {notice}: line 5: ")
