"""A relay process on a free port, with its command line."""

import os
import shlex
import socket
import subprocess
import time

START_S = 60


class Relay:
    def __init__(self, folder):
        self.binary, self.folder = os.environ["CARTERA_RELAY"], str(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.environment = {
            **os.environ, "CARTERA_DATA_DIR": f"{self.folder}/relay", "CARTERA_LISTEN": f"127.0.0.1:{port}",
            "CARTERA_TLS": "off", "LANG": "en_US.UTF-8",
        }  # fmt: skip
        self.log, self.process = f"{self.folder}/relay.log", None
        self.start()

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([self.binary, "serve"], env=self.environment, stdout=log, stderr=log)
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
        self.process.wait(60)

    def run(self, words):
        done = subprocess.run(
            [self.binary, *shlex.split(words)], env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout
