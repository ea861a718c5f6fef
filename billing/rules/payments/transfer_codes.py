"""The data of a bank transfer as the text of a QR code that banks' apps read.

In złoty: the recommendation of the Polish Bank Association (ZBP), "2D code", 2013. In euro:
EPC069-12 of the European Payments Council, version 2. Other currencies have no such code.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from billing.rules.money import Money
from billing.rules.shop.catalog import BankAccount

POLISH_ACCOUNT = re.compile(r"[0-9]{26}")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
NIP = re.compile(r"[0-9]{10}")
NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)

MOST_GROSZE = 999_999
"""The Polish code has six digits for the amount; a zero would let the payer type it."""

MOST_CENTS = 99_999_999_999
SHORT_NAME = 20
"""Characters of the recipient's name in the Polish code."""

SHORT_TITLE = 32
EPC_NAME = 70
EPC_TITLE = 140


class Correction(StrEnum):
    """How much of a code may be unreadable: L 7 %, M 15 %. The standards say which."""

    LOW = "L"
    MEDIUM = "M"


@dataclass(frozen=True, slots=True)
class CodeContent:
    """The text of a QR code, in UTF-8, and its error correction."""

    text: str
    correction: Correction


def transfer_code(
    account: BankAccount, amount: Money, title: str, *, tax_id: str = ""
) -> CodeContent | None:
    """Return the code of a transfer, None where the standard cannot express it.

    A title is never cut, since it identifies the transfer. `tax_id` is the recipient's.
    """
    match amount.currency:
        case "PLN":
            return _polish_code(account, amount, title, tax_id)
        case "EUR":
            return _euro_code(account, amount, title)
        case _:
            return None


def _polish_code(
    account: BankAccount, amount: Money, title: str, tax_id: str
) -> CodeContent | None:
    number, title = _compact(account.number).removeprefix("PL"), _one_line(title)
    is_account = POLISH_ACCOUNT.fullmatch(number) and _checks(f"PL{number}")
    name = _shortened(_one_line(account.short_name or account.holder), SHORT_NAME)
    if not is_account or not name or not 0 < len(title) <= SHORT_TITLE:
        return None
    if not 0 < amount.minor <= MOST_GROSZE:
        return None
    fields = (_nip(tax_id), "PL", number, f"{amount.minor:06}", name, title, "", "", "")
    return CodeContent("|".join(fields), Correction.LOW)


def _euro_code(account: BankAccount, amount: Money, title: str) -> CodeContent | None:
    iban, bic, title = _compact(account.number), _compact(account.swift), _one_line(title)
    name = _shortened(_one_line(account.holder), EPC_NAME)
    if POLISH_ACCOUNT.fullmatch(iban):
        iban = f"PL{iban}"  # the digits of a Polish account alone, as they are written there
    if not IBAN.fullmatch(iban) or not _checks(iban) or not name:
        return None
    if not 0 < len(title) <= EPC_TITLE or not 0 < amount.minor <= MOST_CENTS:
        return None
    bic = bic if BIC.fullmatch(bic) else ""
    sum_text = f"EUR{amount.decimal:f}".rstrip("0").rstrip(".")
    fields = ("BCD", "002", "1", "SCT", bic, name, iban, sum_text, "", "", title)
    return CodeContent("\n".join(fields), Correction.MEDIUM)


def _compact(number: str) -> str:
    return re.sub(r"[\s-]", "", number).upper()


def _one_line(text: str) -> str:
    """The text without the separators of a code and without invisible characters."""
    kept = "".join(char if char.isprintable() else " " for char in text.replace("|", " "))
    return " ".join(kept.split())


def _shortened(name: str, limit: int) -> str:
    """Cut a name, between words if that leaves at least half of it."""
    if len(name) <= limit:
        return name
    part = name[: limit + 1]
    space = part.rfind(" ")
    part = part[:space] if space >= limit // 2 else part[:limit]
    return part.rstrip(" ,;(-")


def _checks(iban: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616, mod 97)."""
    rearranged = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in rearranged)) % 97 == 1


def _nip(tax_id: str) -> str:
    """The ten digits of a Polish company's number; "" for anything else, as for a person."""
    digits = _compact(tax_id).removeprefix("PL")
    if not NIP.fullmatch(digits) or len(set(digits)) == 1:
        return ""
    check = sum(int(one) * weight for one, weight in zip(digits, NIP_WEIGHTS, strict=False)) % 11
    return digits if check == int(digits[-1]) else ""
