"""Imported by the process that the children of tests.kills are forked from: all that an ingest needs, once."""

from extractors.blocks.model import shipped_models
from warehouse.validate import prepare

prepare()
shipped_models("text")
