"""A site of three small programs, so that starting and stopping is tested without Django."""

import os
import sys

from embedded.data_dir import DataDir
from embedded.processes import Program
from embedded.programs import Site
from embedded.run import run

WEB = """
import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""
PREPARE = "import os; open(os.environ['DATA_DIR'] + '/admin-password', 'w')"
WORKER = "import time; print('worker at work', flush=True); time.sleep(600)"


def stub(data: DataDir, settings: dict[str, str]) -> Site:
    def program(name: str, log: str, script: str) -> Program:
        return Program(name, (sys.executable, "-S", "-c", script), data.log(log), environ=settings)

    prepare = program("Preparing the database", "prepare", os.environ.get("STUB_PREPARE", PREPARE))
    return Site(prepare, (program("The worker", "worker", WORKER), program("The web server", "web", WEB)))


if __name__ == "__main__":
    sys.exit(run(os.environ, stub))
