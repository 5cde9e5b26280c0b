"""What the clients know of the office's work, and what one of them does next."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from chassis.store.cause import derived_id
from suite.issuer import OPERATOR
from tests.faults.clerk import Asked
from tests.faults.files import File, Stage, Step

INCOMING = "/documents/v1/incoming"
LIAISONS = {"water": "deng.jie", "emergency": "jiang.xin", "qingshi": "shen.fang"}
RECENT = 6  # files that everybody works on at once
WAIT_SECONDS = 1.0  # before the next step on one file is tried again
SEALED = "机密样张"  # in every text that nobody but its readers may see


class Office:
    """Known items, and the seeded choice among what can be done with them."""

    def __init__(self, chance: Random, now: Callable[[], float]) -> None:
        self.files: list[File] = []
        self.admin_acts: list[UUID] = []
        self.strangers: set[str] = set()  # ids of records that somebody else told
        self.secrets: set[str] = {SEALED}
        self._chance, self._now = chance, now
        self._number = 0

    def next(self) -> list[Step]:
        """Return what is asked next: one step, or several at once on one item."""
        acts: list[tuple[int, Callable[[], list[Step]]]] = [
            (22, self._receive),
            (18, self._register),
            (14, self._instruct),
            (12, self._assign),
            (8, self._sign_for),
            (10, self._urge),
            (8, self._progress),
            (5, self._report),
            (4, self._accept),
            (2, self._denied),
            (1, self._administer),
        ]
        weights, choices = zip(*acts, strict=True)
        (chosen,) = self._chance.choices(choices, weights)
        return chosen() or self._receive()

    def _receive(self) -> list[Step]:
        self._number += 1
        number, title = self._number, f"{SEALED}第{self._number}号的紧急通知"
        body = {
            "medium": "telegram",
            "sender": "华州市人民政府办公室",
            "sender_doc_no": f"华政办明电[2025]{number}号",
            "title": title,
            "urgency": self._chance.choice(["none", "urgent", "immediate"]),
        }
        asked = self._asked("li.juan", "receive_document", INCOMING, None, body)
        asked.item = asked.command_id
        return [Step(asked, lambda: self.files.append(File(number, asked.item)))]

    def _register(self) -> list[Step]:
        """Draw a number; now and then two clerks draw for one document at the same time."""
        file = self._one(Stage.RECEIVED)
        if file is None:
            return []
        body = {"mark": "收", "route": "for_action"}
        path, item = f"{INCOMING}/{file.document_id}/registration", file.document_id
        return [
            Step(
                self._asked("li.juan", "register_document", path, item, body),
                lambda: self._reached(file, Stage.REGISTERED),
            )
            for _ in range(self._chance.choice([1, 1, 2]))
        ]

    def _instruct(self) -> list[Step]:
        file = self._one(Stage.REGISTERED)
        if file is None:
            return []
        body = {
            "kind": "act_and_report",
            "text": f"{SEALED}：立即排查，5个工作日内报结果。",
            "given_by": "zhou.zhiyuan",
            "addressee": "chen.jianguo",
            "lead": "water",
            "co": ["emergency", "qingshi"],
            "within_work_days": 5,
        }
        path = f"{INCOMING}/{file.document_id}/instructions"
        asked = self._asked("li.juan", "give_instruction", path, file.document_id, body)

        def done() -> None:
            file.matter_id = derived_id("matter", asked.command_id)
            self._reached(file, Stage.INSTRUCTED)

        return [Step(asked, done)]

    def _assign(self) -> list[Step]:
        file = self._one(Stage.INSTRUCTED)
        if file is None:
            return []
        body = {
            "mark": "云政督",
            "subject": f"水库排查第{file.number}号",
            "requirement": f"{SEALED}：排查结果，单位负责人签字",
            "lead": "water",
            "responsible_person": "tang.yong",
            "co": ["emergency", "qingshi"],
        }
        asked = self._of(file, "sun.li", "assign_matter", "assignment", body)
        return [self._reaching(file, Stage.ASSIGNED, asked)]

    def _sign_for(self) -> list[Step]:
        """Let all units sign at once: one stream, several writers."""
        file = self._one(Stage.ASSIGNED)
        if file is None:
            return []
        units = [unit for unit in LIAISONS if unit not in file.received]
        steps = []
        for unit in units:
            asked = self._of(file, LIAISONS[unit], "receive_matter", "receipts", None)
            steps.append(Step(asked, lambda unit=unit: self._signed(file, unit)))  # type: ignore[misc]
        return steps

    def _urge(self) -> list[Step]:
        """Let several urge one matter at the same time: every call is a fact of its own."""
        file = self._one(Stage.ASSIGNED, Stage.SIGNED_FOR, recent=True)
        if file is None:
            return []
        body = {"unit": "water", "spoken_to": "值班同志"}
        people = self._chance.sample(["wang.lei", "sun.li", "wang.lei"], k=self._some())
        return [
            Step(self._of(file, who, "urge_by_phone", "urgings", body), _nothing)
            for who in people
        ]

    def _progress(self) -> list[Step]:
        file = self._one(Stage.SIGNED_FOR, recent=True)
        if file is None:
            return []
        unit = self._chance.choice(sorted(file.received))
        body = self._feedback("progress", LIAISONS[unit])
        return [
            Step(
                self._of(file, LIAISONS[unit], "give_feedback", "feedback", body), _nothing
            )
        ]

    def _report(self) -> list[Step]:
        file = self._one(Stage.SIGNED_FOR)
        if file is None:
            return []
        body = self._feedback("final", "luo.hai")
        asked = self._of(file, "deng.jie", "give_result", "feedback", body)

        def done() -> None:
            file.result = asked.command_id
            self._reached(file, Stage.REPORTED)

        return [Step(asked, done)]

    def _accept(self) -> list[Step]:
        file = self._one(Stage.REPORTED)
        if file is None:
            return []
        noun = f"feedback/{file.result}/acceptance"
        return [
            self._reaching(
                file,
                Stage.ACCEPTED,
                self._of(file, "sun.li", "accept_feedback", noun, None),
            )
            for _ in range(self._some())
        ]

    def _denied(self) -> list[Step]:
        """Let somebody try what is not theirs: once a document, so that each is recorded."""
        file = self._one(*Stage, where=lambda file: not file.denied)
        if file is None:
            return []
        file.denied = True
        path, body = f"{INCOMING}/{file.document_id}/disposition", {"disposition": "return"}
        return [
            Step(self._asked("deng.jie", "denied", path, file.document_id, body), _nothing)
        ]

    def _administer(self) -> list[Step]:
        """Let the operator do what changes nothing and is recorded all the same."""
        service = self._chance.choice(["documents", "supervision"])
        path = f"/{service}/admin/v1/followers/chain/resumption"
        asked = self._asked(OPERATOR, "resume_follower", path, UUID(int=0), None)
        return [Step(asked, lambda: self.admin_acts.append(asked.command_id))]

    def _one(
        self,
        *stages: Stage,
        recent: bool = False,
        where: Callable[[File], bool] = lambda _: True,
    ) -> File | None:
        now = self._now()
        found = [
            file
            for file in self.files[-400:]
            if file.stage in stages and where(file) and (recent or file.next_at <= now)
        ]
        if not found:
            return None
        chosen = self._chance.choice(found[-RECENT:])
        chosen.next_at = now if recent else now + WAIT_SECONDS
        return chosen

    def _reaching(self, file: File, stage: Stage, asked: Asked) -> Step:
        return Step(asked, lambda: self._reached(file, stage))

    def _of(self, file: File, person: str, act: str, noun: str, body: Any) -> Asked:
        return self._asked(person, act, f"{file.matter}/{noun}", file.matter_id, body)

    def _asked(
        self, person: str, act: str, path: str, item: UUID | None, body: Any
    ) -> Asked:
        key = UUID(int=self._chance.getrandbits(128), version=4)
        return Asked(key, person, act, path, item or key, body)

    def _feedback(self, kind: str, signed_by: str) -> dict[str, Any]:
        return {"kind": kind, "summary": f"{SEALED}：已排查。", "signed_by": signed_by}

    def _some(self) -> int:
        return self._chance.choice([1, 1, 2, 3])

    def _signed(self, file: File, unit: str) -> None:
        file.received.add(unit)
        if len(file.received) == len(LIAISONS):
            self._reached(file, Stage.SIGNED_FOR)

    def _reached(self, file: File, stage: Stage) -> None:
        file.stage = max(file.stage, stage)


def _nothing() -> None:
    """Learn nothing from it."""
