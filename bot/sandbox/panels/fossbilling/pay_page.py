"""The panel's own page of an invoice, with a gateway that takes no money."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.billing import total
from bot.sandbox.panels.fossbilling.by_hand import pay
from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.methods.invoices import by_hash
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import serie_nr
from bot.sandbox.panels.fossbilling.state import Invoice

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; base-uri 'none'",
}
_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 30rem; margin: 8vh auto; padding: 0 1.2rem; }
body { font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } li { display: flex; justify-content: space-between; gap: 1rem; }
ul { padding: 0; } .total { border-top: 1px solid #8886; padding-top: .5rem; font-weight: 600; }
button { width: 100%; padding: .8rem; border: 0; border-radius: .6rem; background: #2a86dc;
  color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
.note { opacity: .75; font-size: .9rem; }
"""


async def show(request: Request) -> Response:
    """Show an invoice, or lead to the login unless a setting opens invoices by their hash."""
    api: PanelApi = request.app.state.api
    await api.faults.before("invoice")
    if api.maintenance:
        return _page("Maintenance", "<p>Come back later.</p>", 503)
    if not api.world.open_hashes:
        return RedirectResponse("/login", 302)
    try:
        invoice = _invoice(request)
    except PanelError as error:
        return _page(escape(error.message), "", 404)
    return _page(f"Invoice {serie_nr(invoice)}", _contents(invoice))


async def take(request: Request) -> Response:
    """Take a payment as a gateway would, and show the invoice again."""
    api: PanelApi = request.app.state.api
    await api.faults.before("invoice")
    if api.world.open_hashes and not api.maintenance:
        try:
            pay(api.world, _invoice(request))
            api.journal.tell()
        except PanelError as error:
            return _page(escape(error.message), "", 409)
    return RedirectResponse(f"/invoice/{request.path_params['hash']}", 303)


def _invoice(request: Request) -> Invoice:
    world = request.app.state.api.world
    return by_hash(world, Parameters({"hash": request.path_params["hash"]}, world.traps))


def _contents(invoice: Invoice) -> str:
    amount = f"{total(invoice):.2f} {invoice.currency}"
    lines = "".join(
        f"<li><span>{escape(line.title)}</span> <span>{line.price * line.quantity:.2f}</span></li>"
        for line in invoice.lines
    )
    state = f'<p class="note">{amount}, {invoice.status}</p>'
    if invoice.status == "unpaid":
        action = f"/invoice/{escape(invoice.hash)}/pay"
        state += (
            f'<form method="post" action="{action}"><button>Pay {amount}</button></form>'
            '<p class="note">A stand-in of a panel: no money moves.</p>'
        )
    return (
        f'<ul>{lines}<li class="total"><span>Total</span> <span>{amount}</span></li></ul>{state}'
    )


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{body}"
    )
    return HTMLResponse(page, status, headers=_HEADERS)
