"""`styrhjul user`: who may sign in, and as what."""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, open_to_look, print_json, say
from styrhjul.db.model import UserRole

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

#: All but the operator's, which `operator open` gives for a while.
_ROLES = [role.value for role in UserRole if role is not UserRole.OPERATOR]
Roles = Annotated[
    list[UserRole],
    typer.Option("--role", metavar="ROLL", help=f"Vad användaren får göra, en eller flera: {', '.join(_ROLES)}."),
]
Address = Annotated[str, typer.Option(metavar="ADRESS", help="Användarens adress i arbetet.")]


@app.command(help="Lägg till någon som ska kunna logga in.")
def add(
    *,
    municipality: MunicipalitySlug,
    address: Address,
    name: Annotated[str, typer.Option(metavar="NAMN", help="Användarens namn.")],
    role: Roles,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Add somebody who will sign in."""
    from styrhjul.services.municipality import directory as service

    home = open_installation(on)
    municipality_id = service.municipality_by(home.database, municipality).municipality_id
    new = service.NewUser(address=address, name=name, roles=frozenset(role))
    user_id = service.add_user(home.database, municipality_id, new, home.clock.now())
    if as_json:
        print_json({"id": user_id, "roles": [each for each in UserRole if each in role]})
    else:
        say("Användaren är tillagd.")


@app.command("list", help="Visa vilka som kan logga in.")
def list_users(municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Show who may sign in."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.sign_in.user import users_of

    home = open_to_look()
    found = users_of(home.database, municipality_by(home.database, municipality).municipality_id)
    if as_json:
        print_json(found)
        return
    for user in found:
        print(f"{user.address}\t{user.name}\t{', '.join(user.roles)}")
    if not found:
        say("Ingen kan logga in än. Lägg till någon med: styrhjul user add")


@app.command(help="Ge en användare andra roller. Den som är inloggad loggas ut.")
def role(
    *,
    municipality: MunicipalitySlug,
    address: Address,
    role: Roles,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Give a user other roles."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.sign_in.user import By, change_roles, user_by_address

    home = open_installation(on)
    municipality_id = municipality_by(home.database, municipality).municipality_id
    user_id, by = user_by_address(home.database, municipality_id, address), By(name="user role")
    change_roles(home.database, municipality_id, user_id, frozenset(role), by=by, now=home.clock.now())
    if as_json:
        print_json({"id": user_id, "roles": [each for each in UserRole if each in role]})
    else:
        say("Rollerna är ändrade.")


@app.command(help="Ta bort en användare. Den som är inloggad loggas ut.")
def remove(*, municipality: MunicipalitySlug, address: Address, on: OnDay = None, as_json: AsJson = False) -> None:
    """Remove a user."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.sign_in.user import By, remove_user, user_by_address

    home = open_installation(on)
    municipality_id = municipality_by(home.database, municipality).municipality_id
    user_id = user_by_address(home.database, municipality_id, address)
    remove_user(home.database, municipality_id, user_id, by=By(name="user remove"), now=home.clock.now())
    if as_json:
        print_json({"id": user_id, "removed": True})
    else:
        say("Användaren är borttagen.")
