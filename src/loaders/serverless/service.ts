/** What is known of the whole service while its parts are lowered. */
import type { Intrinsics } from '../cloudformation/intrinsics.ts';
import type { Values } from '../cloudformation/template.ts';
import type { Path } from '../yaml.ts';
import type { Access } from './access.ts';
import type { Bundling } from './bundling.ts';
import type { Override } from './overrides.ts';
import type { Settings } from './settings.ts';
import type { Variables } from './variables/resolver.ts';
import type { WsgiLayer } from './wsgi.ts';

export interface Service {
  readonly name: string;
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  /** Absolute project folder. */
  readonly root: string;
  readonly settings: Settings;
  /** What `resources` changes of functions and APIs: by logical id, the later ones winning. */
  readonly overrides: ReadonlyMap<string, readonly Override[]>;
  readonly access: Access;
  readonly variables: Variables;
  readonly intrinsics: Intrinsics;
  readonly bundling: Bundling;
  /** The service's own layers: logical id → absolute folder. */
  readonly layers: ReadonlyMap<string, string>;
  /** ARN of the function with this key; undefined when there is none. */
  functionArn(key: string): string | undefined;
  /** ARN of a layer in the cloud → path of its content here, as written. */
  readonly layerPaths: Values;
  /** What serverless-wsgi packs with the code; undefined where the project does not use it. */
  readonly wsgi: WsgiLayer | undefined;
  /** Variables every function gets because a plugin copies `.env` into them. */
  readonly dotenv: Readonly<Record<string, string>>;
}

/** A function of the file before it is looked at. */
export interface FunctionEntry {
  readonly key: string;
  /** Where it stands: `functions.create`, or `functions[0].create` in a list. */
  readonly path: Path;
}
