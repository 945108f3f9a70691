"""The officer who signs in to the console for a measurement (测速账号)."""
from __future__ import annotations

import os

from sqlalchemy import select

from app import create_app
from app.database import db
from app.database.scope import acting, everywhere
from app.security import passwords
from app.security.models import Post, UserAccount

NAME = "bench-officer"


def main() -> None:
    """Make the account anew, for the whole county."""
    app = create_app()
    with app.app_context(), acting(everywhere("bench")):
        if old := db.session.scalar(select(UserAccount).where(UserAccount.username == NAME)):
            db.session.delete(old)
            db.session.flush()
        user = UserAccount(username=NAME, first_name="", last_name="测速", email="bench@example.invalid", active=True, must_change=False,
                           password=passwords.hashed(os.environ["BENCH_KEY"]))
        user.roles = [app.appbuilder.sm.find_role("县级业务人员")]
        db.session.add(user)
        db.session.flush()
        db.session.add(Post(user_id=user.id, division_code=app.config["COUNTY_CODE"], reach="below"))
        db.session.commit()


if __name__ == "__main__":
    main()
