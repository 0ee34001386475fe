/** Functions deployed through the Lambda API: part of the project as the session has it, and of all that follows the project. */
import { join } from 'node:path';
import { openExtras } from '../../emulators/lambda/deployed/extras.ts';
import { withDeployed } from '../../emulators/lambda/deployed/overlay.ts';
import { sweepPackages } from '../../emulators/lambda/deployed/packages.ts';
import { openRecords } from '../../emulators/lambda/deployed/records.ts';
import type { Deployments, FunctionOverride, TriggerOverride } from '../model/emulator.ts';
import type { Store } from '../model/platform.ts';
import type { CurrentProject } from './current-project.ts';

export interface DeployedFunctions {
  /** For the emulators. */
  readonly deployments: Deployments;
  /** Says how the session follows, once it can. */
  connect(session: DeployedSession): void;
}

export interface DeployedSession {
  follow(): Promise<void>;
  sourceOf: Deployments['sourceOf'];
  findImage: Deployments['findImage'];
  http: Deployments['http'];
  instancesOf: Deployments['instancesOf'];
}

/** From now on `current` is the project with what the store says is deployed. */
export function openDeployedFunctions(
  current: CurrentProject,
  store: Store,
  statePath: string,
  mostInstances: number,
): DeployedFunctions {
  const folder = join(statePath, 'deployed');
  const overrides = new Map<string, FunctionOverride>();
  const triggerOverrides = new Map<string, TriggerOverride>();
  const records = openRecords(store);
  const extras = openExtras(store);
  sweepPackages(records, folder);
  current.extend((project) =>
    withDeployed(project, { records, extras, folder, overrides, triggerOverrides }),
  );
  let connect: (session: DeployedSession) => void = () => {};
  let session: DeployedSession | undefined;
  const connected = new Promise<DeployedSession>((resolve) => {
    connect = resolve;
  });
  return {
    deployments: {
      folder,
      overrides,
      triggerOverrides,
      ownFunctions: () => current.own.functions,
      ownTriggers: () => current.own.triggers,
      follow: async () => (await connected).follow(),
      sourceOf: async (functionId) => (await connected).sourceOf(functionId),
      findImage: async (name) => (await connected).findImage(name),
      http: () => session?.http() ?? null,
      instancesOf: (functionId) => session?.instancesOf(functionId) ?? 0,
      mostInstances,
    },
    connect(opened) {
      session = opened;
      connect(opened);
    },
  };
}

/** The source of a project's function has changed: it runs again. False when nothing stood in for it. */
export function endPackage(overrides: Map<string, FunctionOverride>, functionId: string): boolean {
  const override = overrides.get(functionId);
  if (!override?.changes.deployed) return false;
  const { codeRoot: _, deployed: __, architecture: ___, image: ____, ...changes } = override.changes;
  const { CodeSha256: _____, CodeSize: ______, ...told } = override.told;
  if (Object.keys(changes).length === 0) overrides.delete(functionId);
  else overrides.set(functionId, { ...override, changes, told });
  return true;
}
