"""The first schema"""

from alembic import op

from storage.tables.schema import schema

# The way back is the copy of the database made before; there is no downgrade.
revision = "0004"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.create_all(op.get_bind())
