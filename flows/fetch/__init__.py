"""Addresses → bytes. Everything that leaves the machine to get pages goes through here, and past `address.refusal_of`."""
