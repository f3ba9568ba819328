"""Whether a request may do what it asks: the one place where scopes are enforced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemgraph.app.access.authentication import PLACE, Access, client_of
from stemgraph.app.access.principal import ANONYMOUS, PRINCIPAL, Principal
from stemgraph.app.access.scopes import SCOPES, ScopeName
from stemgraph.app.errors import ForbiddenError, UnauthorizedError

if TYPE_CHECKING:
    from starlette.types import Scope


async def permit(scope: Scope, access: Access, needed: ScopeName) -> Principal:
    """Who asks, where it may do what needs this scope.

    Args:
        scope: The ASGI scope of the request; who asks is kept in it.
        access: That of the instance.
        needed: What the request is about to do.

    Raises:
        UnauthorizedError: It has no key, or one that does not hold.
        ForbiddenError: Its key does not include the scope, or nobody may do this here.
        UnavailableError: The keys cannot be read now.
    """
    if needed == "read":
        principal: Principal = scope.get(PRINCIPAL, ANONYMOUS)
        return principal
    _refuse_what_is_off(access, needed)
    principal = await principal_of(scope, access)
    if needed in principal.scopes:
        return principal
    wanted = f"a key of scope '{needed}'"
    if principal is ANONYMOUS:
        raise UnauthorizedError(
            f"this needs {wanted}: {SCOPES[needed]}",
            place=PLACE,
            mend=f"make one with `stemgraph key create --scope {needed}`, and send it as a Bearer token",
        )
    raise ForbiddenError(
        f"the key {principal.id} does not allow this: it needs {wanted}",
        place=PLACE,
        mend=f"ask who runs the service for {wanted}",
    )


async def principal_of(scope: Scope, access: Access) -> Principal:
    """Who asks; found once, and kept in the ASGI scope.

    Raises:
        UnauthorizedError: The key that was sent does not hold.
        TooManyRequestsError: So it was with others before.
        UnavailableError: The keys cannot be read now.
    """
    if PRINCIPAL not in scope:
        sent = [value for name, value in scope["headers"] if name == b"authorization"]
        scope[PRINCIPAL] = await access.authenticate(sent[0] if len(sent) == 1 else None, client_of(scope))
    principal: Principal = scope[PRINCIPAL]
    return principal


def _refuse_what_is_off(access: Access, needed: ScopeName) -> None:
    if needed in ("write", "update") and not access.writes:
        raise ForbiddenError(
            "this service takes no writes", mend="who runs it can start it with `stemgraph serve --writable`"
        )
    if needed == "update" and not access.updates:
        raise ForbiddenError(
            "this service takes no SPARQL updates and no graph-store writes",
            mend="curate through /api/v1/association, or set STEMGRAPH_UPDATES=true",
        )
