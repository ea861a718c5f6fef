"""Words for the reasons with which a panel refuses a call, for the operator."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.rules.panel.refusals import CallRefusal
from locales.translator import Translator

Why = Callable[[Translator], Markup]

REFUSALS: Mapping[str, Why] = {
    CallRefusal.BALANCE_TOO_LOW: lambda t: t("The client's balance there is too low."),
    CallRefusal.CLIENT_CLOSED: lambda t: t("The client's account there is closed."),
    CallRefusal.DEPOSIT: lambda t: t(
        "It is a proforma for the balance. The panel would count it as paid and add nothing: "
        "please put the money on the balance instead."
    ),
    CallRefusal.INVOICE_CLOSED: lambda t: t("The proforma there is cancelled or refunded."),
    CallRefusal.INVOICE_PAID: lambda t: t("The proforma there is already paid otherwise."),
    CallRefusal.NAME_NOT_POSSIBLE: lambda t: t("The domain cannot be used for this product."),
    CallRefusal.NO_GATEWAY: lambda t: t(
        "The panel has no active payment gateway that takes payments from elsewhere (Custom)."
    ),
    CallRefusal.NO_SUCH_CLIENT: lambda t: t("The panel does not know this client."),
    CallRefusal.NO_SUCH_INVOICE: lambda t: t("The panel does not know this proforma."),
    CallRefusal.NO_SUCH_SERVICE: lambda t: t("The panel does not know this service."),
    CallRefusal.NOT_IN_FULL: lambda t: t(
        "The money is not the amount of the proforma, and the panel takes no other one."
    ),
    CallRefusal.NOT_OFFERED: lambda t: t("The product is not offered there."),
    CallRefusal.NOT_PERMITTED: lambda t: t(
        "The panel does not let our account do this. Check its API key and permissions."
    ),
    CallRefusal.NOT_POSSIBLE: lambda t: t("The panel cannot do this."),
    CallRefusal.NOT_RENEWABLE: lambda t: t("The service cannot be renewed in its state there."),
    CallRefusal.OTHER_GATEWAY: lambda t: t(
        "This version of the panel books by the payment gateway of the proforma, and that is not "
        "Custom: please set it there, then try again."
    ),
    CallRefusal.OUT_OF_STOCK: lambda t: t("The product is out of stock there."),
    CallRefusal.PERIOD_NOT_OFFERED: lambda t: t(
        "The billing cycle is off there, or has no price."
    ),
    CallRefusal.REFUSED_THERE: lambda t: t("The panel gives no reason that we can read."),
}
"""Every reason of ours; other codes are shown as they are."""
