"""What the providers are and how they are doing. Asks a vendor only where its own client would have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reprise.domain.assess import SourceFacts
from reprise.domain.capabilities import Capabilities
from reprise.domain.health import Health
from reprise.domain.request import CoverRequest
from reprise.errors import ConfigurationError
from reprise.ports import Clock, HealthStore, ProviderDirectory, VoiceCatalog, Voices
from reprise.usecases.plan import Option, Plan


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One provider. `off` says why it is switched off; `capabilities` are then the vendor's own."""

    capabilities: Capabilities
    health: Health
    passed_over: bool
    off: str | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """A dry run: every provider's answer, best first, the one that would be paid, and what the song is."""

    options: tuple[Option, ...]
    chosen: str | None
    source: SourceFacts


@dataclass(frozen=True, slots=True)
class Survey:
    """`known` are the capabilities of all providers as their vendors state them."""

    providers: ProviderDirectory
    known: Mapping[str, Capabilities]
    plan: Plan
    healths: HealthStore
    clock: Clock

    def __call__(self) -> tuple[Surveyed, ...]:
        return tuple(self._one(name) for name in self.known)

    def consider(self, request: CoverRequest) -> Considered:
        """Nothing is stored, nobody is paid. Raises InvalidError for a name that is no provider's."""
        source = self.plan.look(request)
        options = self.plan.options(request, source)
        usable = [option.assessment.provider for option in options if option.usable]
        healthy = [name for name in usable if not self.healths.load(name).passed_over(self.clock.now())]
        return Considered(options, next(iter(healthy or usable), None), source)

    def balance(self, name: str) -> float | None:
        """What the owner's account at this vendor holds; None where it is switched off or does not say."""
        try:
            return self.providers(name).balance()
        except ConfigurationError:
            return None

    def balances(self) -> Iterator[tuple[str, float]]:
        """One by one, as the vendors answer; those that do not say are left out."""
        for name in self.known:
            balance = self.balance(name)
            if balance is not None:
                yield name, balance

    def voices(self, name: str, query: str | None, limit: int, page: int) -> Voices | None:
        try:
            provider = self.providers(name)
        except ConfigurationError:
            return None
        return provider.voices(query, limit, page) if isinstance(provider, VoiceCatalog) else None

    def _one(self, name: str) -> Surveyed:
        health, now = self.healths.load(name), self.clock.now()
        try:
            capabilities, off = self.providers(name).capabilities, None
        except ConfigurationError as error:
            capabilities, off = self.known[name], str(error)
        return Surveyed(capabilities, health, health.passed_over(now), off)
