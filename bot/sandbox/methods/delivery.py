"""Methods by which the bot gets its updates: polling and the webhook."""

from bot.sandbox.errors import ApiError, Json
from bot.sandbox.state import World
from bot.sandbox.webhook import WebhookSender, hook_of

LONGEST_POLL = 50
MOST_UPDATES = 100
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"


async def get_updates(world: World, params: Json) -> list[Json]:
    """Return waiting updates, or wait for one; refused while a webhook is set."""
    if world.webhook:
        raise ApiError(409, WEBHOOK_ACTIVE)
    if "allowed_updates" in params:
        world.updates.allow(params["allowed_updates"])
    return await world.updates.get(
        offset=params.get("offset", 0),
        limit=min(max(params.get("limit", MOST_UPDATES), 1), MOST_UPDATES),
        seconds=min(max(params.get("timeout", 0), 0), LONGEST_POLL),
    )


def set_webhook(world: World, params: Json) -> bool:
    """Post updates to an address from now on; an empty one removes the webhook."""
    if not params.get("url"):
        return delete_webhook(world, params)
    hook = hook_of(params)
    delete_webhook(world, params)
    if "allowed_updates" in params:
        world.updates.allow(params["allowed_updates"])
    world.updates.abort(WEBHOOK_SET)
    world.webhook = WebhookSender(
        hook, world.updates, pace=world.webhook_pace, patience=world.faults.patience
    )
    return True


def delete_webhook(world: World, params: Json) -> bool:
    """Go back to getUpdates; updates that wait stay unless they are to be dropped."""
    if world.webhook:
        world.webhook.stop()
        world.webhook = None
    if params.get("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _params: Json) -> Json:
    """Say where updates go and how many wait."""
    info: Json = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if world.webhook:
        info |= {"url": world.webhook.hook.url, "max_connections": world.webhook.hook.connections}
        if world.webhook.last_error:
            info |= {
                "last_error_date": world.unix_now(),
                "last_error_message": world.webhook.last_error,
            }
    if world.updates.allowed:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info
