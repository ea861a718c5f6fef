"""${message}"""

${imports if imports else ""}
import sqlalchemy as sa
from alembic import op

# The way back is the copy of the database made before; there is no downgrade.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}

