"""Templates compiled to the Python they say: an attribute is looked up, a function is called, a macro is a function.

Jinja finds out at each of them, in each mail, what may stand there: a key beside an attribute, a function that asks for
its context, a macro's arguments by name. What mails are filled with are frozen values and functions, and nothing else.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef

_IN_PLACES = "a macro of a mail is given each of its arguments in its place"


class PlainCode(CodeGenerator):
    """Writes the code of templates that are filled with values of our own making; what is missing is an error."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's
        """Write an attribute, and never a key."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802 - Jinja's
        """Write a call that hands over what stands there alone. Raises TemplateAssertionError for `call` and `*`."""
        if forward_caller or node.dyn_args or node.dyn_kwargs:
            self.fail(_IN_PLACES, node.lineno)
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:  # noqa: ARG002 - Jinja's
        """Write the function just defined, without what would wrap it. Raises TemplateAssertionError for a default."""
        taken = (macro_ref.accesses_caller, macro_ref.accesses_kwargs, macro_ref.accesses_varargs)
        if any(taken) or macro_ref.node.defaults:
            self.fail(_IN_PLACES, macro_ref.node.lineno)
        self.write("macro")

    def return_buffer_contents(self, frame: Frame, force_unescaped: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Jinja's
        """Let a macro of HTML return markup: nobody else makes it such."""
        super().return_buffer_contents(frame)
