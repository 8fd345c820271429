"""`pullquote serve`: all of it in one command."""

from pathlib import Path

import click

from flows.settings import prepare_prefect, settings_of
from flows.verbs.options import (
    LogFormat,
    debug,
    done_option,
    folder_of,
    host_option,
    log_format_option,
    on_stop,
    port_option,
    reports_option,
    warehouse_option,
)
from warehouse.store import Store, absolute


@click.command()
@click.argument("inbox", type=click.Path(path_type=Path), default="inbox")
@warehouse_option
@reports_option
@done_option
@host_option
@port_option
@click.option(
    "--prefect-port",
    type=click.IntRange(1, 65_535),
    default=4200,
    show_default=True,
    help="Where its Prefect server listens; with PREFECT_API_URL set it joins that one.",
)
@log_format_option
@debug
@click.pass_context
def serve(
    ctx: click.Context,
    inbox: Path,
    warehouse: Store | None,
    reports: Path | None,
    done: Path | None,
    host: str,
    port: int,
    prefect_port: int,
    log_format: LogFormat,
) -> None:
    """Run everything: Prefect server, worker, watch, HTTP inbox.

    What lands in INBOX, or is posted, wakes a flow run by an event; a sweep, a daily report and maintenance run by
    schedule. SIGTERM or Ctrl-C finishes the batch in hand and leaves no process behind.
    """
    from flows.logs import telling

    settings = settings_of()
    folder_of(inbox)
    prepare_prefect(debug=False)
    from flows.inbox.guard import protected
    from flows.serve.run import Address, Service
    from flows.serve.station import Places

    protected(host, settings.http_token)
    service = Service(
        places=Places(
            inbox=inbox.resolve(),
            warehouse=absolute(warehouse or settings.warehouse),
            reports=(reports or settings.reports).resolve(),
        ),
        done=done,
        address=Address(host=host, port=port, prefect_port=prefect_port),
        settings=settings,
    )
    on_stop(service.stop)
    with telling(log_format, title=f"serve {inbox}", endless=True):
        service.run()
    ctx.exit(1 if service.failed else 0)
