"""Reminders are redrawn: one more topic of what goes out"""

from alembic import op

# The way back is the copy of the database made before; there is no downgrade.
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TOPICS = (
    "receipt",
    "order_accepted",
    "order_rejected",
    "cancellation_accepted",
    "cancellation_rejected",
    "cancelled",
    "part_paid",
    "money_to_credit",
    "invoice_expired",
    "redraw",
    "operator",
)


def upgrade() -> None:
    names = ", ".join(f"'{name}'" for name in TOPICS)
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outbox_topic"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_outbox_topic"), f"topic IN ({names})")
