/** What the front knows of one connected debugger, however that one wants its instances shown. */
import type { CdpCommand } from './cdp.ts';
import type { SharedInstance } from './view.ts';

export interface DebugSession {
  /** A new instance. Resolves when the debugger has set it up and user code may be loaded. */
  attach(instance: SharedInstance): Promise<void>;
  command(command: CdpCommand): void;
  /** The debugger hung up. */
  close(): void;
}

export type Deliver = (text: string) => void;

/** A promise to settle from outside; settling twice is fine. */
export function makeSignal(): { readonly done: Promise<void>; settle(): void } {
  let settle: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { done, settle };
}
