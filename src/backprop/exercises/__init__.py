"""Exercises that check themselves: one file each, its form in `files`, its verdicts in `check`.

On the command line: ``python -m backprop.exercises NAME answer.py``.
"""

from backprop.exercises.checking import Verdict, check
from backprop.exercises.files import Exercise, WrongAnswer, load, names, of_page

__all__ = ["Exercise", "Verdict", "WrongAnswer", "check", "load", "names", "of_page"]
