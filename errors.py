"""Every way the product says no to a person: what happened, why, and how to put it right."""


class Refusal(Exception):
    """A file or a wish that cannot be honoured; nothing was published or recorded.

    Args:
        what: what was asked and not done, in one sentence.
        why: the fact that stood in the way, with file, line, column and value where there is one.
        fix: what the person can do next.

    >>> print(Refusal("The load was refused.", "The file is empty.", "Export it again."))
    The load was refused. Why: The file is empty. Fix: Export it again.
    """

    def __init__(self, what: str, why: str, fix: str):
        super().__init__(what, why, fix)
        self.what, self.why, self.fix = what, why, fix

    def __str__(self) -> str:
        return f"{self.what} Why: {self.why} Fix: {self.fix}"
