"""The buttons for users who may renew and pay: nobody else is shown them or can use them."""

from handlers import buttons
from handlers.chat.screens.codec import Payload

PAYING: frozenset[type[Payload]] = frozenset(
    {
        buttons.AddAllDueSoon,
        buttons.AddFromDigest,
        buttons.AddRenewal,
        buttons.AddService,
        buttons.AskCancelInvoice,
        buttons.AskEmptyCart,
        buttons.AskPayFromBalance,
        buttons.AskWithdrawOrder,
        buttons.CancelInvoice,
        buttons.ChangeCycle,
        buttons.ConfirmCheckout,
        buttons.DropService,
        buttons.EmptyCart,
        buttons.OpenCart,
        buttons.OpenCheckout,
        buttons.OpenLine,
        buttons.OpenNotRenewable,
        buttons.OpenRenewalCycle,
        buttons.OpenRenewalCycles,
        buttons.OpenRenewals,
        buttons.PayDue,
        buttons.PayFromBalance,
        buttons.PayFromDigest,
        buttons.PayInvoice,
        buttons.PayWithCredit,
        buttons.PlaceOrder,
        buttons.RemoveFromDigest,
        buttons.RemoveLine,
        buttons.RemoveRenewal,
        buttons.RenewFor,
        buttons.RenewLapsed,
        buttons.RestoreLine,
        buttons.ReviewOrder,
        buttons.SendOrder,
        buttons.WithdrawOrder,
    }
)
"""Each leads to something that billing refuses to users who may only look."""
