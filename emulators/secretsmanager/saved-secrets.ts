/** The secrets in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import { openSecretStore } from './store.ts';

export interface SavedSecret {
  readonly name: string;
  /** What may differ. The id of its version stands for the value, which is not for showing. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Sorted by name. */
export function readSavedSecrets(store: Store): SavedSecret[] {
  return openSecretStore(store)
    .all()
    .map(({ name, versions, description, endsAt }) => ({
      name,
      facts: {
        version: versions.find(({ stages }) => stages.includes('AWSCURRENT'))?.id ?? 'none',
        ...(description !== undefined && { description }),
        ...(endsAt !== undefined && { 'deleted at': new Date(endsAt).toISOString() }),
      },
    }));
}
