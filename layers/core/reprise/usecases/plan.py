"""Which providers could serve a wish, best first: the route of its job."""

from dataclasses import dataclass, replace

from reprise.domain.assess import Assessment, SourceFacts, assess
from reprise.domain.job import Leg, Rhythm
from reprise.domain.request import CoverRequest
from reprise.domain.violation import Violation
from reprise.errors import ConfigurationError, InvalidError, NotFoundError
from reprise.ports import Found, ProviderDirectory, SourceProbe


@dataclass(frozen=True, slots=True)
class Option:
    """One provider's answer to one wish. `off` says why the owner has it switched off; `by_name` that it stands back
    where others are on."""

    assessment: Assessment
    rhythm: Rhythm
    tracks: int = 0
    off: str | None = None
    by_name: bool = False

    @property
    def usable(self) -> bool:
        return self.off is None and self.assessment.able

    @property
    def competes(self) -> bool:
        return self.off is None and not self.by_name


@dataclass(frozen=True, slots=True)
class Plan:
    """`names` are all providers that we know; `probe` looks at the song."""

    providers: ProviderDirectory
    names: tuple[str, ...]
    probe: SourceProbe

    def __call__(self, request: CoverRequest, found: Found | None = None) -> tuple[Leg, ...]:
        """The legs of a job. Looks at the song only if nothing else is wrong.

        Raises InvalidError where nobody can serve it, ConfigurationError where who could is switched off.
        """
        _usable(request, self.options(request))
        options = _usable(request, self.options(request, self.look(request, found)))
        return tuple(_leg(option) for option in options)

    def options(self, request: CoverRequest, source: SourceFacts | None = None) -> tuple[Option, ...]:
        """Every provider's answer: the named ones as named, else the vendor whose words were used, then by price;
        those that are switched off come last.

        Raises InvalidError for a name that is no provider's.
        """
        names = dict.fromkeys(request.providers or self.names)
        found = _standing_back(tuple(self._option(name, request, source) for name in names))
        return found if request.providers else tuple(sorted(found, key=lambda option: _rank(request, option)))

    def look(self, request: CoverRequest, found: Found | None = None) -> SourceFacts:
        """A vendor's client is told by the vendor what is wrong with its link, as it always was."""
        facts = self.probe(request.source, found)
        return replace(facts, fault=None) if request.visit and request.source.url else facts

    def _option(self, name: str, request: CoverRequest, source: SourceFacts | None) -> Option:
        named = name in request.providers or name == _home(request)
        try:
            capabilities = self.providers(name).capabilities
        except NotFoundError as error:
            raise InvalidError(Violation("provider", "unknown", str(error), length=len(name))) from error
        except ConfigurationError as error:
            return Option(Assessment(name, None, 0, None), Rhythm(), off=str(error))
        told, by_name = assess(request, capabilities, source, named), capabilities.by_name and not named
        return Option(told, capabilities.rhythm, capabilities.tracks, by_name=by_name)


def _home(request: CoverRequest) -> str | None:
    """The vendor whose words were used."""
    return request.visit.dialect if request.visit else None


def _rank(request: CoverRequest, option: Option) -> tuple[bool, bool, bool, float]:
    told = option.assessment
    return told.provider != _home(request), option.off is not None, option.by_name, told.usd


def _standing_back(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Those that must be named are not chosen while any other is switched on, able or not."""
    if not any(option.competes for option in options):
        return tuple(replace(option, by_name=False) for option in options)
    return tuple(
        replace(option, assessment=_unnamed(option.assessment)) if option.by_name else option for option in options
    )


def _unnamed(told: Assessment) -> Assessment:
    words = f"{told.provider} is chosen only by its name, or where no other provider is switched on"
    return replace(told, violations=(Violation("provider", "not-named", words), *told.violations))


def _usable(request: CoverRequest, options: tuple[Option, ...]) -> tuple[Option, ...]:
    usable = tuple(option for option in options if option.usable)
    if usable:
        return usable
    asked = tuple(option for option in options if option.competes)
    home = None if request.providers else _home(request)
    off = next((option.off for option in options if option.off and option.assessment.provider == home), None)
    if off:  # its own vendor would have served it: the others' rules say nothing to this client
        raise ConfigurationError(off)
    if not asked:
        raise ConfigurationError("; ".join(str(option.off) for option in options))
    raise InvalidError(*_why(request, asked))


def _why(request: CoverRequest, options: tuple[Option, ...]) -> tuple[Violation, ...]:
    """One provider's rules as they are. Of several, what all of them say, else what each one says."""
    home = _home(request)
    one = next((option for option in options if option.assessment.provider == home or len(options) == 1), None)
    if one:
        return one.assessment.violations
    first, *others = [option.assessment for option in options]
    common = [
        rule
        for rule in first.violations
        if all((rule.field, rule.rule) in {(other.field, other.rule) for other in each.violations} for each in others)
    ]
    if common:
        return tuple(common)
    words = [f"{each.provider}: {each.violations[0].field}: {each.violations[0].message}" for each in (first, *others)]
    return (Violation("provider", "none-able", "; ".join(words)),)


def _leg(option: Option) -> Leg:
    told = option.assessment
    return Leg(told.provider, told.usd, told.model, (*told.dropped, *told.clipped), option.rhythm, option.tracks)
