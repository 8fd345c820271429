"""What a flow run imports, before there is one: the worker's fork server loads this, and each run is a fork of it.

Imports only: a thread, an OpenMP team or a connection would not survive the fork.
"""

import prefect.engine
import prefect.flow_engine

import flows.ingest
from extractors.blocks.model import shipped_models
from warehouse.validate import prepare

shipped_models("html")
shipped_models("text")
prepare()

__all__ = ["flows", "prefect"]
