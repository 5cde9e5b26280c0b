"""The acts of documents: a document is named by its number or its title."""

from collections.abc import Mapping
from typing import Any

from suite.acts.desk import Act, Desk, Given


def _at_document(noun: str) -> Act:
    async def act(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
        kind, item_id = await desk.document(person, given.pop("document"))
        path = f"/documents/v1/{kind}/{item_id}/{noun}"
        done = await desk.client.post(person, path, desk.units(given) or None, key=key)
        desk.remember(kind, item_id, done.get("number"))
        return done

    return act


async def _receive(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    done = await desk.client.post(person, "/documents/v1/incoming", given, key=key)
    desk.remember("incoming", done["id"], given.get("title"), given.get("sender_doc_no"))
    return done


async def _draft(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    if source := given.pop("answers", None):
        _, given["answered_document_id"] = await desk.document(person, source)
        given["answered_doc_no"] = source
    done = await desk.client.post(person, "/documents/v1/outgoing", given, key=key)
    desk.remember("outgoing", done["id"], given.get("title"))
    return done


async def _instruct(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    if within := given.pop("within", None):
        given["within_work_days"] = within["work_days"]
    given.setdefault("given_by", given.pop("on_behalf_of", None) or person)
    return await _at_document("instructions")(desk, person, given, key)


ACTS: Mapping[str, Act] = {
    "receive_document": _receive,
    "register_document": _at_document("registration"),
    "give_instruction": _instruct,
    "answer_document": _at_document("answer"),
    "record_disposition": _at_document("disposition"),
    "draft_document": _draft,
    "sign_document": _at_document("signature"),
    "print_document": _at_document("printing"),
    "use_seal": _at_document("sealing"),
    "issue_document": _at_document("issue"),
    "confirm_receipt": _at_document("receipts"),
}
