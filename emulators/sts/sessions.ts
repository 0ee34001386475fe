/** The credentials STS hands out, and who they stand for. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Clock, Ids, Store } from '../../src/model/platform.ts';

export interface Identity {
  readonly arn: string;
  readonly userId: string;
  readonly accountId: string;
}

export interface Sessions {
  /** Stores new credentials for this identity; the answer's `Credentials`. */
  issue(
    identity: Identity,
    seconds: number,
  ): { readonly accessKeyId: string; readonly credentials: JsonObject };
  /** Undefined for credentials that were not handed out here, or whose time is over. */
  identityOf(accessKeyId: string): Identity | undefined;
}

interface Session extends Identity {
  /** Epoch ms. */
  readonly until: number;
}

/** Sessions that ended, removed with each new one. */
const FORGET_STEP = 4;

export function openSessions(store: Store, clock: Clock, ids: Ids): Sessions {
  const sessions = store.map<Session>('sts:sessions');
  const byEnd = store.map<true>('sts:ends');

  const forgetEnded = () => {
    const range = { to: [clock.now()], limit: FORGET_STEP };
    for (const entry of [...byEnd.keys(range)]) {
      const [, accessKeyId] = entry as [number, string];
      byEnd.remove(entry);
      sessions.remove(accessKeyId);
    }
  };

  return {
    issue(identity, seconds) {
      const until = Math.floor(clock.now()) + seconds * 1000;
      const accessKeyId = `ASIA${base32(ids.hex(16))}`;
      store.write(() => {
        forgetEnded();
        sessions.put(accessKeyId, { ...identity, until });
        byEnd.put([until, accessKeyId], true);
      });
      const credentials = {
        AccessKeyId: accessKeyId,
        SecretAccessKey: Buffer.from(ids.hex(30), 'hex').toString('base64'),
        SessionToken: Buffer.from(ids.hex(96), 'hex').toString('base64'),
        Expiration: `${new Date(until).toISOString().slice(0, 19)}Z`,
      };
      return { accessKeyId, credentials };
    },
    identityOf(accessKeyId) {
      const found = sessions.get(accessKeyId);
      return found && found.until > clock.now() ? found : undefined;
    },
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A character for each byte. */
export function base32(hex: string): string {
  return [...Buffer.from(hex, 'hex')].map((byte) => ALPHABET[byte % 32]).join('');
}
