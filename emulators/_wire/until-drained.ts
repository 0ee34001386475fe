/** Waits until a slow caller has taken what was written, or is gone. */
import type { ServerResponse } from 'node:http';

export function untilDrained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}
