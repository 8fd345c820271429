"""Addresses → the pages behind them: listings followed, hosts asked one question at a time, refusals as values."""

import hashlib
import ssl
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from queue import Empty, SimpleQueue

from extractors.errors import PullquoteError
from flows.fetch.address import ADDRESS, joined, target_of
from flows.fetch.background import Start, event_loop
from flows.fetch.body import TOO_LARGE
from flows.fetch.exchange import MEDIA_TYPE, WITH_BODY, Answer, Resolver, Wire, resolved, wire_transport
from flows.fetch.findings import (
    LATER,
    NESTED,
    STATUS,
    TOO_MANY,
    TOO_MANY_HOPS,
    Finding,
    Manners,
    Obtained,
    refused,
    status_told,
)
from flows.fetch.listing import Link, links_in
from flows.fetch.memory import Memory, Remembered
from flows.fetch.queues import MOST_FAILURES, Errand, Queues
from flows.fetch.robots import ROBOTS, Rules, rules_of
from flows.fetch.visit import REDIRECTS, TRANSIENT, Visit, robots_url, visit, wanted_pause
from flows.intake import Known
from flows.sources import Met

LASTING = frozenset({ROBOTS, ADDRESS, MEDIA_TYPE, TOO_LARGE, NESTED, TOO_MANY_HOPS, STATUS})
REFUSED_SECONDS = ROBOTS_SECONDS = 86_400.0  # for a day a refusal, and a robots.txt (RFC 9309), count as they are
MOST_HOPS = 10  # redirects of one address; browsers follow 20
LEVELS = 2  # an index of sitemaps, a sitemap, its pages


@dataclass(slots=True, kw_only=True)
class Web:
    """One run's look at the network; `known` says which (uri, sha256) are dealt with."""

    manners: Manners
    memory: Memory
    known: Known = lambda _: {}
    resolver: Resolver = resolved
    tls: ssl.SSLContext | None = None
    _queues: Queues = field(init=False)
    _rules: dict[tuple[str, bool], Rules] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        self._queues = Queues(most=self.manners.hosts)
        self._left = self.manners.pages

    def fetched(self, uris: Iterable[str]) -> Iterator[Finding]:
        """What the addresses, and the listings among them, lead to; in the order in which servers answer.

        Lazy: while nobody asks for more, no new question is put.
        """
        yield from self._named(list(dict.fromkeys(uris)))
        answers: SimpleQueue[tuple[Errand, Future[Visit]]] = SimpleQueue()
        with event_loop() as start:
            wire = self._wire()
            while self._queues.under_way or self._queues.next_turn is not None:
                yield from self._sent(wire, start, answers)
                try:
                    errand, done = answers.get(timeout=self._waiting())
                except Empty:
                    continue
                yield from self._settled(errand, done.result())

    def _wire(self) -> Wire:
        return Wire(
            agent=self.manners.agent,
            limits=self.manners.limits,
            allowed=self.manners.allowed,
            resolver=self.resolver,
            transport=wire_transport(self.tls),
        )

    def _waiting(self) -> float | None:
        """For how long nothing but an answer can happen; None: for as long as that takes."""
        turn = self._queues.next_turn
        if turn is None or self._queues.under_way >= self.manners.hosts:
            return None if self._queues.under_way else 0.0
        return max(0.0, turn - time.monotonic())

    def _sent(
        self,
        wire: Wire,
        start: Start,
        answers: "SimpleQueue[tuple[Errand, Future[Visit]]]",
    ) -> Iterator[Finding]:
        """Put all questions that are due; those that need not be put are answered."""
        while errand := self._queues.started(time.monotonic()):
            closed = self._queues.closed(errand)
            if closed:
                self._queues.ended(errand, ready=0.0)
                yield refused(errand.uri, closed)
                continue
            done = start(visit(errand, self._rules_of(errand), wire))
            done.add_done_callback(partial(lambda errand, done: answers.put((errand, done)), errand))

    def _named(self, uris: Sequence[str]) -> Iterator[Finding]:
        remembered = self.memory.of(uris)
        dealt_with = self._dealt_with(remembered.values())
        for uri in uris:
            known = remembered.get(uri)
            counts = known and (known.body is not None or (uri, known.sha256) in dealt_with)
            yield from self._add(uri, levels=LEVELS, trusted=True, known=known if counts else None)

    def _linked(self, links: Sequence[Link], errand: Errand, answer: Answer) -> Iterator[Finding]:
        """The links of a listing: what is new, or has changed, is asked for."""
        new = [link for link in links if link.url not in self._met]
        remembered = self.memory.of([link.url for link in new])
        dealt_with = self._dealt_with(remembered.values())
        skipped = 0
        for link in new:
            known = remembered.get(link.url)
            loaded = known is not None and (link.url, known.sha256) in dealt_with
            if known and not link.is_listing and (loaded or _is_refused(known)) and not _has_changed(link, known):
                self._met.add(link.url)
                yield Met(uri=link.url)
            elif self._left <= 0:
                skipped += 1
            else:
                self._left -= 1
                levels = errand.levels - 1 if link.is_listing else 0
                counts = loaded or (known is not None and known.body is not None and link.is_listing)
                yield from self._add(link.url, levels=levels, trusted=answer.inside, known=known if counts else None)
        if skipped:
            told = f"{skipped:,} of its pages wait for the next run (PULLQUOTE_FETCH_PAGES is {self.manners.pages:,})"
            yield refused(errand.uri, PullquoteError(TOO_MANY, told))

    def _dealt_with(self, remembered: Iterable[Remembered]) -> Collection[tuple[str, str]]:
        pairs = [(entry.url, entry.sha256) for entry in remembered if entry.sha256]
        dealt_with = self.known(pairs) if pairs else {}
        return {pair for pair, position in dealt_with.items() if position is None}  # read to its end

    def _add(self, uri: str, *, levels: int, trusted: bool, known: Remembered | None) -> Iterator[Finding]:
        if uri in self._met:
            return
        self._met.add(uri)
        try:
            target = target_of(uri)
        except PullquoteError as error:
            self.memory.keep(Remembered(url=uri, final=uri, asked=time.time(), code=error.code))
            yield refused(uri, error)
            return
        self._queues.add(
            Errand(
                uri=uri, url=target.url, host=target.host, origin=target.origin, levels=levels, trusted=trusted,
                known=known,
            )
        )  # fmt: skip

    def _rules_of(self, errand: Errand) -> Rules | None:
        """What robots.txt says, if that is known from this run or from less than a day ago."""
        rules = self._rules.get((errand.origin, errand.trusted))
        if rules is None:
            url = robots_url(errand.origin)
            known = self.memory.of([url]).get(url)
            if known and known.code and known.body is not None and time.time() - known.asked < ROBOTS_SECONDS:
                rules = self._rules[errand.origin, errand.trusted] = rules_of(int(known.code), known.body)
        return rules

    def _settled(self, errand: Errand, done: Visit) -> Iterator[Finding]:
        """What a visit gave, and what has to be asked because of it."""
        self._learn(errand, done)
        answer, error = done.answer, done.error
        if answer and answer.status in TRANSIENT:
            error = error or PullquoteError(STATUS, status_told(answer.status))
        if error and (answer or error.code not in LASTING):
            yield from self._failed(errand, error, answer)
            return
        pause = self._pause(errand, done)
        try:
            if answer and answer.status in REDIRECTS:
                self._moved(errand, answer)
            elif error:
                raise error
            elif answer:
                yield from self._answered(errand, answer)
        except PullquoteError as refusal:
            if refusal.code in LASTING:
                self._remember(errand, answer, code=refusal.code)
            yield refused(errand.uri, refusal)
        finally:
            self._end(errand, pause)

    def _pause(self, errand: Errand, done: Visit) -> float:
        """The seconds until the host may be asked again: none where it was not asked, or sends us on to itself."""
        if done.error and done.error.code in {ROBOTS, ADDRESS}:
            return 0.0
        if done.answer and done.answer.status in REDIRECTS and _host_ahead(done.answer) == errand.host:
            return 0.0
        return self._wanted_pause(done.rules)

    def _wanted_pause(self, rules: Rules | None) -> float:
        return max(self.manners.pause, rules.pause if rules else 0.0)

    def _end(self, errand: Errand, pause: float, *, failed: bool = False) -> None:
        """The errand is done with; a host that wants a longer pause than we have was asked for the last time."""
        if pause > max(self.manners.patience, self.manners.pause):
            told = f"its robots.txt asks for {pause:,.0f} s between pages (PULLQUOTE_FETCH_PATIENCE is less)"
            self._queues.close(errand.host, PullquoteError(LATER, told))
        self._queues.ended(errand, ready=time.monotonic() + pause, failed=failed)

    def _learn(self, errand: Errand, done: Visit) -> None:
        """Keep what was said of robots.txt."""
        if done.rules:
            self._rules[errand.origin, errand.trusted] = done.rules
        if done.robots and done.rules:
            url = robots_url(errand.origin)
            code = str(done.robots.status)
            kept = Remembered(url=url, final=done.robots.url, asked=time.time(), code=code, body=done.robots.data)
            self.memory.keep(kept)

    def _failed(self, errand: Errand, error: PullquoteError, answer: Answer | None) -> Iterator[Finding]:
        """Try again later, if it is worth it."""
        tries = errand.tries + 1
        asked_for = wanted_pause(answer.headers, datetime.now(UTC)) if answer else None
        pause = max(self._wanted_pause(self._rules_of(errand)), self.manners.pause * 2**tries, asked_for or 0.0)
        if asked_for and asked_for > self.manners.patience:
            told = f"wants to be left alone for {asked_for:,.0f} s"
            error = PullquoteError(error.code, f"{error.detail}, and {told}")
            self._queues.close(errand.host, PullquoteError(LATER, f"its server {told}"))
        elif tries < self.manners.attempts and pause <= self.manners.patience:
            self._queues.add(replace(errand, tries=tries), first=True)
            self._queues.ended(errand, ready=time.monotonic() + pause)
            return
        yield refused(errand.uri, error)
        if self._rules_of(errand) is None or self._queues.failures(errand) + 1 >= MOST_FAILURES:
            self._queues.close(errand.host, PullquoteError(error.code, f"its server does not answer: {error.detail}"))
        self._end(errand, self._wanted_pause(self._rules_of(errand)), failed=True)

    def _moved(self, errand: Errand, answer: Answer) -> None:
        """Follow a redirect: before all others of the host that it leads to, in its turn."""
        if errand.hops >= MOST_HOPS:
            raise PullquoteError(TOO_MANY_HOPS, f"more than {MOST_HOPS} redirects")
        target = target_of(_ahead(answer))
        moved = replace(
            errand,
            url=target.url,
            host=target.host,
            origin=target.origin,
            trusted=answer.inside,
            hops=errand.hops + 1,
            tries=0,
        )
        self._queues.add(moved, first=True)

    def _answered(self, errand: Errand, answer: Answer) -> Iterator[Finding]:
        known = errand.known
        if answer.status == HTTPStatus.NOT_MODIFIED and known:
            if known.body is None:
                self.memory.keep(replace(known, asked=time.time()))
                yield Met(uri=errand.uri)
                return
            data, media_type = known.body, "text/plain"
        elif answer.status in WITH_BODY:
            data, media_type = answer.data, answer.headers.get("content-type", "")
        else:
            raise PullquoteError(STATUS, status_told(answer.status))
        kind = media_type if errand.levels else ""
        links = links_in(data, base=answer.url, media_type=kind, limit=self.manners.limits.bytes)
        if links is None:
            self._remember(errand, answer, sha256=hashlib.sha256(data).hexdigest())
            yield Obtained(
                uri=errand.uri, url=answer.url, data=data, fetched_at=datetime.now(UTC), media_type=media_type or None
            )
        elif not errand.levels:
            raise PullquoteError(NESTED, "it is a feed or sitemap, where a page was to be")
        else:
            if answer.status in WITH_BODY:
                self._remember(errand, answer, body=data)
            yield from self._linked(links, errand, answer)

    def _remember(
        self,
        errand: Errand,
        answer: Answer | None,
        *,
        sha256: str | None = None,
        code: str | None = None,
        body: bytes | None = None,
    ) -> None:
        headers = answer.headers if answer and not code else {}
        self.memory.keep(
            Remembered(
                url=errand.uri,
                final=errand.url,
                asked=time.time(),
                etag=_sendable(headers.get("etag")),
                modified=_sendable(headers.get("last-modified")),
                sha256=sha256,
                code=code,
                body=body,
            )
        )


def _is_refused(known: Remembered) -> bool:
    return known.code in LASTING and time.time() - known.asked < REFUSED_SECONDS


def _has_changed(link: Link, known: Remembered) -> bool:
    """Whether the listing names a change since we asked; one in the future has not happened yet."""
    return link.modified is not None and known.asked < link.modified.timestamp() <= time.time()


def _ahead(answer: Answer) -> str:
    """Where a redirect leads."""
    return joined(answer.url, answer.headers.get("location", ""))


def _host_ahead(answer: Answer) -> str | None:
    try:
        return target_of(_ahead(answer)).host
    except PullquoteError:
        return None


def _sendable(header: str | None) -> str | None:
    """A header that can be sent back as it came."""
    return header if header and header.isascii() and header.isprintable() else None
