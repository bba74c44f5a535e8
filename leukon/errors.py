"""Every exception that leukon raises for its callers.

    LeukonError
    ├── UsageError        the call itself is wrong (an option, a scale without a version)      exit 2
    ├── RequestError      one request cannot be answered (two people, not JSON)                exit 2
    ├── InputError        a file cannot be read at all                                         exit 3
    ├── KnowledgeError    the knowledge files fail their own checks (all problems at once)     exit 5
    └── OutputError       the results cannot be written (full disk, read-only folder)          exit 3

Data problems in a patient's rows are never exceptions: they are rejects and excluded values
with a reason code. Catch the base class to catch them all::

    try:
        lk.assess(request)
    except lk.LeukonError as error:
        print(error)
"""

from __future__ import annotations


class LeukonError(Exception):
    """Base of all. `what` happened, `where`, what was `expected`, what to do (`hint`)."""

    exit_code = 1
    code = "ERROR"

    def __init__(self, what: str, *, where: str = "", expected: str = "", hint: str = "", code: str = "") -> None:
        self.what, self.where, self.expected, self.hint = what, where, expected, hint
        self.code = code or type(self).code
        super().__init__(what)

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.expected:
            parts.append(f"expected: {self.expected}")
        if self.hint:
            parts.append(f"what to do: {self.hint}")
        return "\n  ".join(parts)


class UsageError(LeukonError):
    """The call is wrong: an unknown option value, a scale without its version."""

    exit_code = 2
    code = "USAGE"


class RequestError(LeukonError):
    """One request cannot be answered at all, for example because it holds two people."""

    exit_code = 2
    code = "REQUEST"


class InputError(LeukonError):
    """A file or stream cannot be read as any format that leukon knows."""

    exit_code = 3
    code = "INPUT"


class OutputError(LeukonError):
    """The results cannot be written; nothing half written is left behind."""

    exit_code = 3
    code = "OUTPUT"


class KnowledgeError(LeukonError):
    """The knowledge files fail their own checks. `problems` holds every one of them."""

    exit_code = 5
    code = "KNOWLEDGE"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        super().__init__(
            f"the knowledge files have {count}:\n  " + "\n  ".join(problems),
            hint="correct the lines named above, then run `leukon check`",
        )
