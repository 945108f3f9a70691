"""FAB's security manager, made ours (安全管理): nobody regains a right by itself, and a page asks for rights once."""
from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager, current_user

from app.security.models import UserAccount
from app.security.rights import Pair, RightsCache
from app.security.second_factor import is_on
from app.security.sessions import person_of
from app.security.sign_in import AuthDBView, authenticate
from app.security.tokens import bearer, sent
from app.security.tokens import person_of as owner_of_token


class PinganSecurityManager(SecurityManager):
    """Accounts and rights. Rights come from the tables alone: no built-in role and no public one."""

    user_model = UserAccount
    authdbview = AuthDBView

    def register_views(self) -> None:
        """Only the sign-in page; our own screens replace FAB's."""
        self.auth_view = AuthDBView()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def create_db(self) -> None:
        """Nothing: tables come from migrations, roles from ``flask security sync``."""

    def add_permissions_view(self, base_permissions: Any, view_menu: Any) -> None:
        """Nothing: FAB would give every new permission to an all-powerful role."""

    def add_permissions_menu(self, view_menu_name: str) -> None:
        """Nothing, likewise."""

    def load_user(self, pk: Any) -> UserAccount | None:
        """The person of a session that still holds, by one statement."""
        return person_of(str(pk)) if sent() is None else None

    def create_login_manager(self, app: Any) -> LoginManager:
        """FAB's, which also knows our tokens; a request that brings one is judged by it, whatever cookie comes along."""
        made = super().create_login_manager(app)
        made.request_loader(owner_of_token)
        return made

    def load_user_jwt(self, _jwt_header: Any, jwt_data: Any) -> None:
        """Nobody: the console hands out no signed tokens, which nothing could end; ours stand in ``api_token``."""

    def validate_api_key(self, api_key_string: str) -> None:
        """Nobody, likewise."""

    def auth_user_db(self, username: str, password: str) -> UserAccount | None:
        """The one way to check a password, with its lock, also for FAB's own callers; they know no second step, so it ends there."""
        user = authenticate(username or "", password or "", "")
        return None if user is None or is_on(self.session, user.id) else user

    def __init__(self, appbuilder: Any) -> None:
        super().__init__(appbuilder)
        self.rights = RightsCache()

    def pairs(self, user_id: int) -> frozenset[Pair]:
        """Everything a person may do; read anew only after a change of anybody's rights."""
        return self.rights.of(user_id).pairs

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the person signed in may."""
        user, token = current_user._get_current_object() if current_user else None, bearer()
        if token is not None and not token.allows(permission_name, view_name):
            return False
        return bool(user and user.is_authenticated and (permission_name, view_name) in self.pairs(user.id))

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return (permission_name, view_name) in self.pairs(user.id)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Nothing: the menu is made by the web room."""
        return set()
