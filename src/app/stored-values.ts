/** What project files find in Parameter Store and Secrets Manager while they are read: before a session runs, and beside one. */
import { existsSync } from 'node:fs';
import { makeSecrets } from '../../emulators/secretsmanager/secrets.ts';
import { openSecretStore } from '../../emulators/secretsmanager/store.ts';
import { storedSecret } from '../../emulators/secretsmanager/stored-value.ts';
import { makeParameters } from '../../emulators/ssm/parameters.ts';
import { openParameterStore } from '../../emulators/ssm/store.ts';
import { storedParameter } from '../../emulators/ssm/stored-value.ts';
import type { Store } from '../model/platform.ts';
import type { FindStored } from '../model/stored-references.ts';
import { makeSystemClock } from '../std/clock.ts';
import { randomIds } from '../std/ids.ts';
import { openStore } from '../std/store/store.ts';
import { dataFolderOf, runningSession } from './state-folder.ts';

/** `open` answers the session's own store once there is one; until then the folder is read, where it exists. */
export function storedValuesIn(
  stateFolder: string,
  open: () => Store | undefined = () => undefined,
): FindStored {
  return (reference) => {
    const own = open();
    if (own) return findIn(own, reference);
    const dataFolder = dataFolderOf(stateFolder);
    if (!existsSync(dataFolder)) return undefined;
    const store = openStore(dataFolder, { readOnly: true, isLeft: !runningSession(stateFolder) });
    try {
      return findIn(store, reference);
    } finally {
      void store.close();
    }
  };
}

function findIn(store: Store, reference: string): string | undefined {
  const clock = makeSystemClock();
  const parameters = makeParameters(openParameterStore(store), clock);
  const found = storedParameter(parameters, reference);
  if (found !== undefined) return found;
  const place = { region: '', accountId: '' };
  const secrets = makeSecrets({ store: openSecretStore(store), clock, ids: randomIds, ...place });
  return storedSecret(secrets, reference);
}
