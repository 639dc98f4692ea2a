"""What other rooms react to; receivers only write a row in the same transaction (design, section 3)."""

from django.dispatch import Signal

# Sent with `petition` and `transition`, inside the transaction that made the move.
moved = Signal()
