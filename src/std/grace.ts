/** Waits for work when closing, but not for ever. */

/**
 * Resolves when `work` has settled or after `graceMs` of real time: shutting down is not product time, and goes on
 * while the product's clock stands still. Never rejects.
 */
export async function settledWithin(graceMs: number, work: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([Promise.allSettled(work), grace]);
  clearTimeout(timer);
}
