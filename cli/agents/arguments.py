"""The arguments of the tools, as agents read them."""

from typing import Annotated

from pydantic import Field

MOST_WAIT = 600
SENSIBLE_WAIT = 50
"""Many programs give a call a minute."""

Song = Annotated[
    str,
    Field(min_length=1, description="An audio file on this machine, by its whole path, or a public https link to one."),
]
Style = Annotated[str, Field(min_length=1, description='What it should sound like, such as "lo-fi jazz, soft piano".')]
Provider = Annotated[str, Field(description="A name from list_providers; auto is the cheapest that can do it.")]
Title = Annotated[str, Field(description="Of the takes. Only together with lyrics or instrumental.")]
Lyrics = Annotated[str, Field(description="Sung word for word.")]
Instrumental = Annotated[bool, Field(description="Nobody sings.")]
Voice = Annotated[str, Field(description="Who sings, for providers that require it (see list_providers).")]
MaxUsd = Annotated[
    float | None,
    Field(gt=0, description="What it may cost at most, estimated. If nothing fits, nothing is ordered. Set it."),
]
DryRun = Annotated[
    bool, Field(description="Order nothing: tell who could do it, for how much, and what they would leave out.")
]
Wait = Annotated[
    int,
    Field(ge=0, le=MOST_WAIT, description="Seconds to stay for the music; covers take a minute or some."),
]
IdempotencyKey = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^[!-~]*$",
        description="Without it, the same call is one order for seven days. To buy the same once more: a new word.",
    ),
]
CoverId = Annotated[str, Field(min_length=1, description="As make_cover told it.")]
