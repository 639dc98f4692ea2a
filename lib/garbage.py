"""The collector of garbage leaves a site alone that is being loaded: what is loaded stays.

Web and workers look as usual once they are loaded. Commands and beat, of which each is one process, go on looking rarely.
"""

import gc

_USUAL = gc.get_threshold()


def look_rarely() -> None:
    """Look for garbage rarely: while all is loaded, looking took a seventh of the start and found next to nothing."""
    gc.set_threshold(50_000, 20, 50)


def look_as_usual() -> None:
    """Keep what is loaded out of the collector’s sight, so that children share its pages, and look as usual."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_USUAL)
