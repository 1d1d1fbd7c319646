"""Forms, made from the models: what a record is declared to be is what its form shows.

May use screens and the rooms below them.
"""

from .form import FormScreen
from .several import Several
from .subject import Subject

__all__ = ["FormScreen", "Several", "Subject"]
