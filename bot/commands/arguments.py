"""Arguments that several commands take."""

from typing import Annotated

import typer

ClientArgument = Annotated[
    str, typer.Argument(help="The client's id, as in clients.csv or in your panel.")
]
