"""What is imported stays: nothing is gained by looking through it for garbage, again and again, at each start.

Imported for its effect, before the libraries. Python looks after 2,000 new objects; a cold start makes a hundred times
as many, nearly all of them for good. Later it is as careful as a function needs that holds one request at a time.
"""

import gc

NEW_OBJECTS = 50_000

gc.set_threshold(NEW_OBJECTS)
