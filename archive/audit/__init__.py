"""Whether everything is still what it was: scheduled and asked-for fixity runs, and what was checked where."""

from archive.audit.conduct import Conduct
from archive.audit.plan import Budget
from archive.audit.report import AuditReport, NotChecked, Problem, Reason
from archive.audit.run import audit, audit_at, audit_due
from archive.ocfl.comparing import Condition

__all__ = ["AuditReport", "Budget", "Condition", "Conduct", "NotChecked", "Problem", "Reason", "audit", "audit_at", "audit_due"]
