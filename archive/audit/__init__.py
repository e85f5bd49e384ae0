"""Whether everything is still what it was, and when it has to be looked at again."""

from archive.audit.run import AuditReport, Problem, audit
from archive.ocfl.fixity import Condition

__all__ = ["AuditReport", "Condition", "Problem", "audit"]
