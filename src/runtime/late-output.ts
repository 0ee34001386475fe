/** What a container prints comes by another way than its answers, and a little later: tells when all of it is here. */

/** Nothing came for so long: that was all. */
const QUIET_MS = 5;
/** Nobody waits longer for one who prints all the time. */
const LONGEST_MS = 100;

export class LateOutput {
  #heardAt = 0;

  /** A line came. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  async quiet(): Promise<void> {
    const until = performance.now() + LONGEST_MS;
    do await new Promise<void>((resolve) => setTimeout(resolve, QUIET_MS));
    while (performance.now() - this.#heardAt < QUIET_MS && performance.now() < until);
  }
}
