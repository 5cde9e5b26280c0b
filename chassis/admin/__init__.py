"""The admin API of a service: how it runs, and what an operator can do about it.

Every act is an audited event. Events are shown without their text: type, circumstances,
and what the public may know of them.
"""

from fastapi import APIRouter

from chassis.admin.acting import acting_routes
from chassis.admin.reading import reading_routes
from chassis.http.doors import doors


def admin_router(name: str) -> APIRouter:
    """Return the admin routes of service *name*."""
    prefix, both = f"/{name}/admin/v1", APIRouter()
    prompt, patient = doors(prefix, "admin"), doors(prefix, "admin", patient=True)
    reading_routes(patient)
    acting_routes(prompt, patient)
    both.include_router(prompt)
    both.include_router(patient)
    return both


__all__ = ["admin_router"]
