"""What can go wrong at the edges, as one small tree; each error is one line that says what, where and what to do."""


class ParleyError(Exception):
    """The root: shown as one line on standard error. `exit_code` is the process's exit status."""

    exit_code = 1


class UsageProblem(ParleyError):
    """An option, a setting or a file named by one is unusable: the caller must change the call."""

    exit_code = 2


class InputProblem(ParleyError):
    """The input itself is not what the command reads."""


class BrokerProblem(ParleyError):
    """The broker cannot be reached, or refuses."""
