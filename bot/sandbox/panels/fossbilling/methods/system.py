"""The activity log, the version, the staff member's profile and cron by hand."""

from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.cron import run_cron
from bot.sandbox.panels.fossbilling.errors import Json, no_such_call
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import columns
from bot.sandbox.panels.fossbilling.state import Activity
from bot.sandbox.panels.fossbilling.world import World

_INFO = 6


async def log_list(world: World, params: Parameters, _caller: Caller) -> Json:
    """`activity/log_get_list`: newest first. Rows before the recording are counted and gone."""
    rows = world.data.activities
    older = rows[0].id - 1
    return page_of(params, rows[::-1], lambda row: _activity_row(world, row), older=older)


def _activity_row(world: World, row: Activity) -> Json:
    staff = world.data.staff.get(str(row.admin_id), {})
    shown = {
        **columns(row),
        "priority": _INFO,
        "ip": "127.0.0.1",
        "staff_id": row.admin_id,
        "staff_email": staff.get("email"),
        "staff_name": staff.get("name"),
        "client_name": "",
        "client_email": None,
    }
    if row.admin_id:
        shown["staff"] = {"id": row.admin_id, **staff}
    if row.client_id:
        client = world.client(row.client_id)
        name = f"{client.first_name} {client.last_name}"
        shown["client_name"], shown["client_email"] = name, client.email
        shown["client"] = {"id": client.id, "name": name, "email": client.email}
    return shown


async def version(world: World, _params: Parameters, _caller: Caller) -> Json:
    """`system/update_finalization_status`: since 0.8 the only place with the version."""
    if world.is_before_08:
        raise no_such_call("admin", "system/update_finalization_status")
    return {"current_version": world.version}


async def open_version(world: World, _params: Parameters, _caller: Caller) -> str:
    """`system/version`: guests are told before 0.8, or "" where the operator hides it."""
    if not world.is_before_08:
        raise no_such_call("guest", "system/version")
    return "" if world.hides_version else world.version


async def profile(world: World, _params: Parameters, _caller: Caller) -> Json:
    """`profile/get` of the staff member whose token it is."""
    return {"id": 3, "role": "staff", **world.data.staff["3"], "status": "active"}


async def cron(world: World, _params: Parameters, _caller: Caller) -> bool:
    """`cron/run`."""
    await run_cron(world)
    return True
