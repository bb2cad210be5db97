from __future__ import annotations

import signal

# A shell starts its background jobs with SIGINT ignored, and that goes on to every child: the tests that interrupt
# commands must work there too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
