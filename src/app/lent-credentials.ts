/** Credentials a function was handed besides its own: calls made with them are still its calls. */

export interface LentCredentials {
  lend(issued: string, of: string): void;
  /** The key these were lent for, over any number of hands; the key itself where it was not lent. */
  ownerOf(accessKeyId: string): string;
}

/** More are forgotten, the oldest first: the trace header still tells whose calls they are. */
const MOST = 10_000;

export function makeLentCredentials(): LentCredentials {
  const owners = new Map<string, string>();
  const ownerOf = (accessKeyId: string) => owners.get(accessKeyId) ?? accessKeyId;
  return {
    ownerOf,
    lend(issued, of) {
      owners.set(issued, ownerOf(of));
      const [oldest] = owners.keys();
      if (owners.size > MOST && oldest !== undefined) owners.delete(oldest);
    },
  };
}
