"""A number on the command line: within a range, and a number; `nan` lies in no range, and click lets it pass."""

import math

import click


class Finite(click.FloatRange):
    """A FloatRange without `nan` and `inf`."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number
