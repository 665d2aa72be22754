// What held and what did not.

export class Checks {
  #passed = 0;
  #failed = 0;

  check(name, holds, detail = "") {
    if (holds) {
      this.#passed += 1;
      console.log("ok", name);
    } else {
      this.failed(name, detail);
    }
  }

  equal(name, found, expected) {
    const [one, other] = [found, expected].map((value) => JSON.stringify(value));
    this.check(name, one === other, `${one} and not ${other}`);
  }

  failed(name, detail = "") {
    this.#failed += 1;
    console.log("FAILED", name, String(detail).slice(0, 1200));
  }

  end() {
    console.log(`passed ${this.#passed} failed ${this.#failed} skipped 0`);
    process.exitCode = this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }
}
