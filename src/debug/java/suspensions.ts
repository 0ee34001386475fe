/** Which threads of a JVM stand still for a debugger, counted as the JVM counts it. */

/** Of a composite event: what it holds. Source: JDWP specification, "SuspendPolicy". */
const ONE_THREAD = 1;
const ALL_THREADS = 2;
/** Before the thread of the first event: policy, count, kind and request. */
const THREAD_AT = 10;
const ID_BYTES = 8;

export interface Suspensions {
  readonly held: boolean;
  /** A debugger's command; others than those about standing still do nothing. */
  commanded(command: string, data: Buffer): void;
  /** A composite event of the JVM. */
  happened(data: Buffer): void;
  /** Commands that let everything go on; from then on nothing is held. */
  takeResumes(): readonly { readonly command: string; readonly data: Buffer }[];
}

export function makeSuspensions(): Suspensions {
  let ofAll = 0;
  /** By id as hex. */
  const ofThreads = new Map<string, number>();

  const count = (thread: string, by: number) => {
    const next = (ofThreads.get(thread) ?? 0) + by;
    if (next > 0) ofThreads.set(thread, next);
    else ofThreads.delete(thread);
  };

  return {
    get held() {
      return ofAll > 0 || ofThreads.size > 0;
    },
    commanded(command, data) {
      if (command === '1.8') ofAll++;
      else if (command === '1.9') {
        ofAll = Math.max(0, ofAll - 1);
        for (const thread of [...ofThreads.keys()]) count(thread, -1);
      } else if (command === '11.2') count(data.toString('hex', 0, ID_BYTES), 1);
      else if (command === '11.3') count(data.toString('hex', 0, ID_BYTES), -1);
    },
    happened(data) {
      const policy = data[0];
      if (policy === ALL_THREADS) ofAll++;
      else if (policy === ONE_THREAD) count(data.toString('hex', THREAD_AT, THREAD_AT + ID_BYTES), 1);
    },
    takeResumes() {
      const threads = [...ofThreads].flatMap(([thread, times]) =>
        Array.from({ length: times }, () => ({ command: '11.3', data: Buffer.from(thread, 'hex') })),
      );
      const all = Array.from({ length: ofAll }, () => ({ command: '1.9', data: Buffer.alloc(0) }));
      ofAll = 0;
      ofThreads.clear();
      return [...threads, ...all];
    },
  };
}
