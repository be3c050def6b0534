"""Work that may end badly, in a process of its own: one that takes too long or too much is ended, one that dies ends alone.

Files come from strangers, and what opens them is written in C: some keep a library busy for ever, fill the memory, or end the
interpreter. Here they end a child. This is the only place that starts processes: ``call`` has one piece of work done,
``Call`` several at once (the cross-check), and ``Child`` is the process itself, which ``batch`` keeps for many documents.

A child is a fork where this process has one thread, which costs a few milliseconds; elsewhere it is a new interpreter, which
is told everything through a pipe: a caller needs no ``if __name__ == "__main__"``, and no password shows in the list of
processes. What a child says is data (JSON, texts, bytes) and never unpickled: a file that takes over the child gains no more.

Where the system has no fork, there is only the new interpreter; where it has no limits on memory and processor time
(Windows), the clock is still watched and a crash still ends the child alone.
"""

from pipeline.guard.child import Child
from pipeline.guard.inside import Line, Work, resident
from pipeline.guard.watched import Call, call

__all__ = ["Call", "Child", "Line", "Work", "call", "resident"]
