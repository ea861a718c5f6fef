"""Services as their panel shows them: changed, new, moved here from another client, or gone."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.panel.differences import Differences, ServiceChange
from billing.actions.panel.moved import take_from_owners
from billing.actions.panel.owners import check_locked
from billing.ports.panel_services import MirroredService, ServiceKey
from billing.ports.work import UnitOfWork
from billing.rules.panel.mirrored import is_gone
from billing.rules.services.service import Service, ServiceKind
from billing.rules.shop.catalog import Catalog, ProductKind
from billing.views.account import ClientInfo
from billing.views.panel import SeenService, Snapshot

log = logging.getLogger(__name__)

Refs = Mapping[ServiceKey, Service]
"""The client's services by what the panel calls them."""


@dataclass(frozen=True, slots=True)
class ServiceMirror:
    """Writes the services of one client; `differences` fills with what was changed."""

    env: Environment
    uow: UnitOfWork
    client: ClientInfo
    catalog: Catalog
    differences: Differences

    async def write(self, seen: Snapshot, *, began_at: datetime, locked: Collection[int]) -> Refs:
        """Write what differs and return the services as they are by now."""
        kept = {
            (one.service.kind, one.service.ref): one
            for one in await self.uow.panel_services.of_client(self.client.id)
        }
        known = {key: one.service for key, one in kept.items()}
        there = {(one.kind, one.ref): one for one in seen.services}
        await self._write_back(there, kept)
        known |= await self._write_changed(there, known)
        new = [one for key, one in there.items() if key not in known]
        labels = await self._take(new, locked)
        # Services before what belongs to them.
        for belongs in (False, True):
            known |= await self._add(
                [one for one in new if (one.parent is not None) is belongs], known, labels
            )
        if not seen.strays:
            gone = [one for key, one in kept.items() if key not in there]
            await self._miss(gone, began_at)
        return known

    async def _write_back(
        self, there: Collection[ServiceKey], kept: Mapping[ServiceKey, MirroredService]
    ) -> None:
        """What was missing is there again."""
        again = [
            one.service.id
            for key, one in kept.items()
            if key in there and (one.missing_since is not None or one.is_hidden)
        ]
        await self.uow.panel_services.note_present(again)

    async def _write_changed(
        self, there: Mapping[ServiceKey, SeenService], known: Refs
    ) -> dict[ServiceKey, Service]:
        changed = {}
        for key, one in there.items():
            before = known.get(key)
            if before is None:
                continue
            after = self._restated(before, one, known)
            if after != before:
                changed[key] = after
                self.differences.services.append(ServiceChange(before, after))
        await self.uow.panel_services.save(list(changed.values()))
        return changed

    def _restated(self, service: Service, seen: SeenService, known: Refs) -> Service:
        """The service with what the panel says of it; its label is the client's own.

        No panel says what the first period of a recurring one has cost, with its setup.
        """
        parent = known.get(seen.parent) if seen.parent else None
        return replace(
            service,
            product_id=self._product_id(seen),
            name=seen.name,
            domain=seen.domain,
            first_amount=service.first_amount if seen.cycle.recurring else seen.amount,
            amount=seen.amount,
            cycle=seen.cycle,
            next_due_date=seen.next_due_date,
            due_date_known=seen.due_date_known,
            status=seen.status,
            suspended_for=seen.suspended_for,
            parent_id=parent.id if parent else service.parent_id,
        )

    def _product_id(self, seen: SeenService) -> str:
        kind = ProductKind.ADDON if seen.kind is ServiceKind.ADDON else ProductKind.PRODUCT
        product = self.catalog.owned_as(kind, seen.product_ref)
        return product.id if product else seen.product_ref

    async def _take(
        self, new: Sequence[SeenService], locked: Collection[int]
    ) -> Mapping[ServiceKey, str]:
        """Take what was another client's until now; the labels that it had."""
        keys = [(one.kind, one.ref) for one in new]
        if not keys:
            return {}
        moving = await self.uow.panel_services.elsewhere(self.client.id, keys)
        check_locked({one.service.client_id for one in moving}, locked)
        await take_from_owners(self.env, self.uow, self.client, moving)
        return {(one.service.kind, one.service.ref): one.service.label for one in moving}

    async def _add(
        self, new: Sequence[SeenService], known: Refs, labels: Mapping[ServiceKey, str]
    ) -> dict[ServiceKey, Service]:
        made = []
        for one in new:
            parent = known.get(one.parent) if one.parent else None
            if one.kind is ServiceKind.ADDON and parent is None:
                log.warning("an add-on is left out: its service %s is not there", one.parent)
                continue
            label = labels.get((one.kind, one.ref), "")
            made.append(self._new(one, parent, label))
        numbers = await self.uow.services.add(made, invoice_line_ids=[None] * len(made))
        added = [replace(one, id=number) for one, number in zip(made, numbers, strict=True)]
        self.differences.services.extend(ServiceChange(None, one) for one in added)
        return {(one.kind, one.ref): one for one in added}

    def _new(self, seen: SeenService, parent: Service | None, label: str) -> Service:
        due = seen.next_due_date
        return Service(
            id=0,
            client_id=self.client.id,
            product_id=self._product_id(seen),
            name=seen.name,
            domain=seen.domain,
            currency=self.client.currency,
            first_amount=None if seen.cycle.recurring else seen.amount,
            amount=seen.amount,
            cycle=seen.cycle,
            registered_on=seen.registered_on,
            next_due_date=due,
            due_date_known=seen.due_date_known,
            anchor_day=(due or seen.registered_on).day,
            status=seen.status,
            suspended_for=seen.suspended_for,
            parent_id=parent.id if parent else None,
            label=label,
            ref=seen.ref,
            loaded_on=self.env.today(),
            kind=seen.kind,
        )

    async def _miss(self, gone: Sequence[MirroredService], began_at: datetime) -> None:
        """Note what this reading has missed, and hide what two in turn have."""
        hidden = [one for one in gone if not one.is_hidden]
        first = [one.service.id for one in hidden if one.missing_since is None]
        lost = [one.service for one in hidden if is_gone(one.missing_since, began_at)]
        await self.uow.panel_services.note_missing(first, since=began_at)
        await self.uow.panel_services.hide([service.id for service in lost])
        self.differences.lost.extend(lost)
