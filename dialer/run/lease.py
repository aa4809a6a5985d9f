"""Which campaigns this controller owns: an advisory lock each, held by one connection.

When the connection is lost the locks are too, and another controller may take over: the owner
must then stop dialling at once. The unique indexes of `attempts` are the fence for the moment
in which two believe to be owners.
"""

import logging
from collections.abc import Iterable

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from dialer.model.ids import CampaignId
from dialer.store.session import make_engine

log = logging.getLogger(__name__)

NAMESPACE = 0x52454C41
"""First key of the two-key advisory locks, so that other users of the database do not collide."""


POOLS = NAMESPACE + 1
"""First key of the locks of pools, whose second is a hash of their names."""


class Leases:
    """Methods are for one greenlet. A lost connection is reported by `still_held`."""

    def __init__(self, database_url: str) -> None:
        self._engine = make_engine(database_url, pool_size=1)
        self._connection: Connection | None = None
        self.held: set[CampaignId] = set()
        self.pools: set[str] = set()
        """Names of pools whose campaigns are this controller's, if anybody's."""

    def take(self, campaign_ids: Iterable[CampaignId]) -> set[CampaignId]:
        """Try to own these campaigns; the identities of those newly owned."""
        new = set()
        for campaign_id in set(campaign_ids) - self.held:
            if self._locked("SELECT pg_try_advisory_lock(:space, :key)", campaign_id):
                new.add(campaign_id)
        self.held |= new
        return new

    def take_pool(self, name: str) -> bool:
        """Whether campaigns of this pool may be owned here: agents are not shared by processes."""
        if name not in self.pools and self._locked(
            "SELECT pg_try_advisory_lock(:space, hashtext(:key))", name, POOLS
        ):
            self.pools.add(name)
        return name in self.pools

    def keep_pools(self, names: Iterable[str]) -> None:
        """Let others have all pools but these."""
        for name in self.pools - set(names):
            self.pools.discard(name)
            self._locked("SELECT pg_advisory_unlock(:space, hashtext(:key))", name, POOLS)

    def give_up(self, campaign_id: CampaignId) -> None:
        """Let others have the campaign."""
        if campaign_id in self.held:
            self.held.discard(campaign_id)
            self._locked("SELECT pg_advisory_unlock(:space, :key)", campaign_id)

    def still_held(self) -> bool:
        """Whether the connection, and so every lock, still stands; if not, nothing is owned."""
        try:
            self._link().execute(text("SELECT 1"))
            return True
        except SQLAlchemyError as error:
            log.warning("leases lost: %s", error)
            self._drop()
            return False

    def close(self) -> None:
        """Give up everything."""
        self._drop()
        self._engine.dispose()

    def _locked(self, sql: str, key: CampaignId | str, space: int = NAMESPACE) -> bool:
        parameters = {"space": space, "key": key}
        return bool(self._link().execute(text(sql), parameters).scalar())

    def _link(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
        return self._connection

    def _drop(self) -> None:
        self.held.clear()
        self.pools.clear()
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
