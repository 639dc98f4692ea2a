"""Mail: a row in the transaction of its cause, then a doorbell, then a delivery; nothing else talks to a mail server."""
