"""How a question is to be answered, as its asker wishes."""

from __future__ import annotations

from pincite.answer_form import Form
from pincite.values import Value


class Wishes(Value):
    form: Form = Form.SHORT
    fresh: bool = False
    """Make the answer anew, even if nothing has changed since the same question was answered."""


AS_EVER = Wishes()
