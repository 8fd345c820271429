"""What a command told its user."""


def said(stderr: str) -> list[str]:
    """The lines without those that tell every ten seconds how far a command is, which a slow machine sees."""
    return [line for line in stderr.splitlines() if not line.endswith("inputs done")]
