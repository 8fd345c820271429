"""`pullquote receive`: the HTTP inbox by itself."""

import logging
from pathlib import Path

import click

from flows.settings import settings_of
from flows.verbs.options import (
    LogFormat,
    debug,
    done_option,
    folder_of,
    host_option,
    log_format_option,
    on_stop,
    port_option,
    warehouse_option,
)
from warehouse.store import Store

logger = logging.getLogger(__name__)


@click.command()
@click.argument("inbox", type=click.Path(path_type=Path))
@warehouse_option
@done_option
@host_option
@port_option
@log_format_option
@debug
def receive(
    inbox: Path, warehouse: Store | None, done: Path | None, host: str, port: int, log_format: LogFormat
) -> None:
    """Take pages over HTTP and lay them into INBOX.

    POST /pages takes them, GET /pages/ID tells how one fares, /openapi.json is the document. A `watch` of the folder
    brings them into the warehouse. Listens to this machine only, unless PULLQUOTE_HTTP_TOKEN is set.
    """
    from flows.inbox.app import app_of, desk_of
    from flows.inbox.guard import protected
    from flows.inbox.listen import server_of
    from flows.inbox.parcel import tidy
    from flows.logs import telling

    settings = settings_of()
    protected(host, settings.http_token)
    tidy(folder_of(inbox))
    desk = desk_of(inbox, warehouse=warehouse or settings.warehouse, done=done, settings=settings)
    server = server_of(app_of(desk), host=host, port=port)
    on_stop(lambda: setattr(server, "should_exit", True))
    with telling(log_format, title=f"receive {inbox}", endless=True):
        logger.info("listening on %s port %d", host, port)
        server.run()
        logger.info("stopped")
