"""What is imported stays: nothing is gained by looking through it for garbage, again and again, at each start.

Imported for its effect, before the libraries. Python looks after 2,000 new objects; a start makes many more, nearly all
of them for good.
"""

import gc

NEW_OBJECTS = 50_000

gc.set_threshold(NEW_OBJECTS)
