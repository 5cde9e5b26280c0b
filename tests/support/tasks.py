"""A sample aggregate with dates: what timers and reactions are tried on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Self, TypeAlias, assert_never, get_args
from uuid import UUID

from chassis.domain import Category, Command, Event, Label, RefusedError
from chassis.timers import Arm, Disarm, DisarmAll, Setting


class TaskClosedError(RefusedError):
    """The task is closed."""

    rule = "task_is_open"
    zh = "任务已关闭。"
    en = "The task is closed."


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskOpened(Event):
    """It is due at *due*."""

    label: ClassVar[Label] = Label("开", "Task opened")

    task_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskExtended(Event):
    """It is due at *due* now."""

    label: ClassVar[Label] = Label("延期", "Task extended")

    task_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskReminded(Event):
    """Its time had come."""

    label: ClassVar[Label] = Label("提醒", "Task reminded")

    task_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskClosed(Event):
    """It is done."""

    label: ClassVar[Label] = Label("关", "Task closed")

    task_id: UUID


TaskEvent: TypeAlias = TaskOpened | TaskExtended | TaskReminded | TaskClosed


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTask(Command):
    """Open it."""

    task_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtendTask(Command):
    """Give it another date."""

    task_id: UUID
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RemindTask(Command):
    """Say that its time has come."""

    task_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseTask(Command):
    """Close it."""

    task_id: UUID


TaskCommand: TypeAlias = OpenTask | ExtendTask | RemindTask | CloseTask


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A task, reduced to whether it is closed, and how often it was reminded of."""

    closed: bool = False
    reminded: int = 0

    def decide(self, command: TaskCommand) -> list[TaskEvent]:
        """Return the events that *command* causes, or refuse it."""
        if self.closed:
            raise TaskClosedError
        match command:
            case OpenTask(task_id=task_id, due=due):
                return [TaskOpened(task_id=task_id, due=due)]
            case ExtendTask(task_id=task_id, due=due):
                return [TaskExtended(task_id=task_id, due=due)]
            case RemindTask(task_id=task_id, at=at):
                return [TaskReminded(task_id=task_id, at=at)]
            case CloseTask(task_id=task_id):
                return [TaskClosed(task_id=task_id)]
            case _:
                assert_never(command)

    def evolve(self, event: TaskEvent) -> Self:
        """Return the task after *event*."""
        match event:
            case TaskOpened() | TaskExtended():
                return self
            case TaskReminded():
                return replace(self, reminded=self.reminded + 1)
            case TaskClosed():
                return replace(self, closed=True)
            case _:
                assert_never(event)


TASK: Category[Task, TaskCommand, TaskEvent] = Category(
    name="task",
    noun="Task",
    initial=Task(),
    events=get_args(TaskEvent),
    commands=get_args(TaskCommand),
)


def arming(event: TaskEvent) -> list[Setting]:
    """Return what *event* does to the task's timers."""
    match event:
        case TaskOpened(due=due) | TaskExtended(due=due):
            return [Arm(name="remind", due_at=due)]
        case TaskReminded():
            return [Disarm(name="remind")]
        case TaskClosed():
            return [DisarmAll()]
        case _:
            assert_never(event)


class HandClock:
    """A clock that stands where it was put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    async def now(self) -> datetime:
        """Return the moment."""
        return self.moment
