"""What leads to linking, to who has access, and to proving whose an account is."""

from handlers import buttons
from handlers.account import access, by_email, fresh_code
from handlers.account import handlers as account
from handlers.chat.updates.routing import Step, Tap, tap

TAPS: tuple[Tap, ...] = (
    tap(buttons.AskLinkCode, account.open_link),
    tap(buttons.AskEmail, by_email.open_email),
    tap(buttons.ChooseProvenAccount, by_email.choose),
    tap(buttons.ConfirmLink, account.confirm_link),
    tap(buttons.SendFreshCode, fresh_code.send_anew),
    tap(buttons.SwitchClient, account.switch),
    tap(buttons.AskUnlink, account.ask_unlink),
    tap(buttons.Unlink, account.leave),
    tap(buttons.OpenAccess, access.open_access),
    tap(buttons.AskInvite, access.ask_invite),
    tap(buttons.Invite, access.invite),
    tap(buttons.WithdrawInvitations, access.withdraw_invitations),
    tap(buttons.OpenAccountUser, access.open_user),
    tap(buttons.ChangeRights, access.change_rights),
    tap(buttons.AskHandOver, access.ask_hand_over),
    tap(buttons.HandOver, access.hand_over),
    tap(buttons.AskRemoveUser, access.ask_remove),
    tap(buttons.RemoveUser, access.remove),
)

STEPS: tuple[Step, ...] = (
    Step(
        account.CODE, answer=account.code_typed, again=account.ask_code, anew=buttons.AskLinkCode()
    ),
    Step(
        by_email.EMAIL,
        answer=by_email.email_typed,
        again=by_email.ask_email,
        anew=buttons.AskEmail(),
    ),
    Step(
        by_email.EMAIL_CODE,
        answer=by_email.code_typed,
        again=by_email.ask_code,
        anew=buttons.AskEmail(),
    ),
    Step(
        fresh_code.FRESH_CODE,
        answer=fresh_code.code_typed,
        again=fresh_code.ask_again,
        anew=buttons.OpenHome(),
    ),
)
