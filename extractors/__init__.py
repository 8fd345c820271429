"""Bytes in, frozen records out: no network, clock, disk writes or environment below here."""
