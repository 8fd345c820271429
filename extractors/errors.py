"""One root error with a stable code; everything the project raises on purpose is one of these."""


class PullquoteError(Exception):
    """A failure the user can act on: `code` is stable and dotted (`stage.what`), `detail` is one line of plain words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type["PullquoteError"], tuple[str, str]]:
        """As it goes from one process to another."""
        return type(self), (self.code, self.detail)
