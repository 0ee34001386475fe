/** The parameters in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import { openParameterStore } from './store.ts';

export interface SavedParameter {
  readonly name: string;
  /** What may differ. Of a SecureString the number of its version stands for the value, which is not for showing. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Sorted by name. */
export function readSavedParameters(store: Store): SavedParameter[] {
  const parameters = openParameterStore(store);
  return parameters.all().map(({ name, type, latest }) => {
    const value = parameters.version(name, latest)?.value ?? '';
    return { name, facts: { type, version: String(latest), ...(type !== 'SecureString' && { value }) } };
  });
}
