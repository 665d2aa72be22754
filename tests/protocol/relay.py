"""A real relay: its process, on a free port, with a data folder of its own, and its command line."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request

from cartera import ulid

RELAY = os.environ.get("CARTERA_RELAY", "cartera-relay")
START_S = 30


class Relay:
    def __init__(self, folder, tls="off"):
        self.folder, self.log, self.process = str(folder), f"{folder}.log", None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **os.environ, "CARTERA_DATA_DIR": self.folder, "CARTERA_LISTEN": f"127.0.0.1:{self.port}", "CARTERA_TLS": tls,
            "LANG": "en_US.UTF-8",
        }  # fmt: skip
        self.address = f"{'http' if tls == 'off' else 'https'}://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([RELAY, "serve"], env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            with open(self.log) as log:
                if "Relay at" in log.read():
                    return
            time.sleep(0.02)
        with open(self.log) as log:
            raise RuntimeError(f"the relay did not start:\n{log.read()}")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def run(self, *arguments):
        done = subprocess.run([RELAY, *arguments], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def restored(self, copy):
        """The data folder as it was when it was copied."""
        self.stop()
        shutil.rmtree(self.folder)
        shutil.copytree(copy, self.folder)
        self.start()

    def copy(self, to):
        self.stop()
        shutil.copytree(self.folder, to)
        self.start()

    # The office's side of HTTP

    def request(self, method, path, token, body=None):
        """The answer's text to a program's request."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            self.address + path, body and json.dumps(body).encode(), headers, method=method
        )
        with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as reply:
            return reply.read().decode("utf-8-sig")

    # The command line

    def territory(self, name):
        return ulid.parse(self.run("territory", "add", name).split()[0])

    def person(self, name, *territories, role="rep"):
        arguments = [part for territory in territories for part in ("--territory", territory)]
        self.run("people", "add", name, "--role", role, *(arguments or ["--all-territories"]))

    def invitation(self, person):
        return re.search(r"\S+/enrol#\S+", self.run("enrol", person))[0]

    def token(self, name, *scopes):
        out = self.run("token", "create", name, *(part for scope in scopes for part in ("--scope", scope)))
        return re.search(r"cm_\S+", out)[0]
