"""What users want of reminders: preferences, pauses, proformas, and the reasons that are kept"""

import sqlalchemy as sa
from alembic import op

# The way back is the copy of the database made before; there is no downgrade.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("reminder_items") as batch_op:
        batch_op.alter_column("service_id", existing_type=ID, nullable=True)
        batch_op.add_column(sa.Column("invoice_id", ID))
        batch_op.add_column(sa.Column("reason", sa.String(length=32)))
        batch_op.create_foreign_key(
            batch_op.f("fk_reminder_items_invoice_id"), "invoices", ["invoice_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_reminder_items_invoice_id_due_date_stage"),
            ["invoice_id", "due_date", "stage"],
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_reminder_items_one_subject"),
            "(service_id IS NULL) != (invoice_id IS NULL)",
        )
        batch_op.create_index(batch_op.f("ix_reminder_items_due_date"), ["due_date"])
    with op.batch_alter_table("digests") as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=32)))
        batch_op.add_column(sa.Column("deferrals", sa.JSON(none_as_null=True)))
        batch_op.create_index(batch_op.f("ix_digests_user_id_day"), ["user_id", "day"])
        batch_op.create_index(batch_op.f("ix_digests_day_state"), ["day", "state"])
    with op.batch_alter_table("digest_items") as batch_op:
        batch_op.add_column(sa.Column("dropped", sa.String(length=32)))
    with op.batch_alter_table("links") as batch_op:
        batch_op.add_column(sa.Column("preferences", sa.JSON(none_as_null=True)))
    op.create_table(
        "reminder_pauses",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("remind", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_reminder_pauses_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_reminder_pauses_service_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "service_id", name=op.f("pk_reminder_pauses")),
    )
    with op.batch_alter_table("reminder_pauses") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reminder_pauses_client_id_user_id"), ["client_id", "user_id"]
        )
        batch_op.create_index(
            batch_op.f("ix_reminder_pauses_until_service_id"), ["until", "service_id"]
        )
