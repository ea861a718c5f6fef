"""Services by their public names: the company's own id, or ours if there is none."""

from sqlalchemy import BigInteger, and_, bindparam, case, or_, select

from billing.rules.services.service import ServiceKind
from storage.engines.connection import Connection
from storage.tables.services import services

LONGEST_ID = 18
"""Most digits that fit the database's whole numbers."""

KIND_ORDER = case({ServiceKind.SERVICE: 0}, value=services.c.kind, else_=1)
"""A service comes before an add-on or a domain of the same id."""

_OWN = (
    select(services.c.id)
    .where(
        # The sum keeps SQLite from using the client's index, because both names have their own.
        services.c.client_id + 0 == bindparam("client_id"),
        or_(
            services.c.ref == bindparam("name"),
            and_(
                services.c.id == bindparam("ours", type_=BigInteger),
                services.c.ref.is_(None),
            ),
        ),
    )
    .order_by(services.c.ref.is_(None), KIND_ORDER)
)


async def own_service(connection: Connection, client_id: int, name: str) -> int | None:
    """The client's service of that name; the company's id takes precedence over ours."""
    ours = int(name) if name.isascii() and name.isdigit() and len(name) <= LONGEST_ID else 0
    values = {"client_id": client_id, "name": name, "ours": ours}
    number: int | None = (await connection.execute(_OWN, values)).scalar()
    return number
