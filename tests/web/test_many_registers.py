"""A console with forty registers asks the database no more often than one with twenty: menu and rights cost nothing a page."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.core.register import registers
from bench import synthetic
from tests.conftest import COUNTY, PASSWORD

ROOT = Path(__file__).parent.parent.parent
WANTED, MOST = 40, 12
COUNT = """
import sys
from pathlib import Path
from sqlalchemy import Engine, event, text
from bench import synthetic
synthetic.join(Path(sys.argv[1]))
from app import create_app
from app.database import db
from app.database.scope import acting, everywhere
from app.security.permissions import sync
from tests.clients import Browser
app = create_app({"TESTING": True})
app.test_client_class = Browser
def rights(words):
    with app.app_context(), acting(everywhere("tests")):
        words()
        db.session.commit()
rights(lambda: sync(db.session))
try:
    person = app.test_client()
    person.sign_in(sys.argv[2], sys.argv[3])
    page = person.get("/legal_contracts/list/").get_data(as_text=True)
    seen = []
    event.listen(Engine, "before_cursor_execute", lambda c, cursor, statement, *rest: seen.append(statement))
    assert person.get("/legal_contracts/list/").status_code == 200
    print(page.count("/made_"), len(seen))
finally:
    gone = "SELECT id FROM ab_view_menu WHERE name LIKE 'made%'"
    pairs = f"SELECT id FROM ab_permission_view WHERE view_menu_id IN ({gone})"
    rights(lambda: [db.session.execute(text(words)) for words in (
        f"DELETE FROM ab_permission_view_role WHERE permission_view_id IN ({pairs})",
        f"DELETE FROM ab_permission_view WHERE view_menu_id IN ({gone})", f"DELETE FROM ab_view_menu WHERE id IN ({gone})")])
"""


def test_a_list_of_a_console_with_forty_registers_stays_within_its_statements(app, data_dir, accounts, tmp_path):
    extra = WANTED - len(registers())
    folder = synthetic.write(tmp_path, extra)
    words = [sys.executable, "-c", COUNT, str(folder), accounts("县级业务人员", COUNTY), PASSWORD]
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, "PINGAN_DATA": str(data_dir)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    shown, statements = map(int, done.stdout.split()[-2:])
    assert shown >= extra, "the menu shows them all"
    assert statements <= MOST
