/** Lowers stacks to functions, triggers and resources of one project. */
import type { FunctionSpec, ImageBuild, TableSeed, Trigger } from '../../model/project.ts';
import type { Resource, RestMockResource } from '../../model/resources.ts';
import { type RestPath, reportSiblings } from '../api-routes.ts';
import { type KeySetFiles, readKeySetFiles, withKeySets } from '../key-set-files.ts';
import type { Report } from '../problems.ts';
import { withInvokeConfigs } from './async-events.ts';
import { shortIds } from './function-ids.ts';
import { type FunctionContext, isFunctionResource, lowerFunction } from './functions.ts';
import { lowerLayers } from './layers.ts';
import { lowerResources } from './resources.ts';
import { reportRepeatedRoutes } from './routes.ts';
import { samDestinationResources } from './sam-destinations.ts';
import { samRuleResources } from './sam-rules.ts';
import { samTopicResources } from './sam-topics.ts';
import { samSchedules } from './schedules.ts';
import type { Stack } from './stacks.ts';
import { lowerTableSeeds } from './table-seeds.ts';
import { mapOf, type TemplateResource } from './template.ts';
import { makeFunctionIndex } from './trigger-context.ts';
import { lowerTriggers } from './triggers.ts';

export interface LowerOptions {
  readonly report: Report;
  readonly inlineFolder: string;
  readonly write: FunctionContext['write'];
  /** Where a function stands among all: the last part is its short name. */
  readonly pathOf: (resource: TemplateResource, stack: Stack) => readonly string[];
  /** Absolute folder of an asset by its object key. */
  readonly assetFolder?: (objectKey: string) => string | undefined;
  /** What the image of that address is built from. */
  readonly assetImage?: (uri: string) => ImageBuild | undefined;
  /** Absolute folder the paths of seeds are relative to; absent = that of the template. */
  readonly seedFolder?: string;
  /** Functions that only serve a deployment. */
  readonly leaveOut?: (resource: TemplateResource, stack: Stack) => boolean;
}

export interface Lowered {
  readonly functions: readonly FunctionSpec[];
  readonly triggers: readonly Trigger[];
  readonly resources: readonly Resource[];
  readonly seeds?: readonly TableSeed[];
}

export function lowerStacks(stacks: readonly Stack[], options: LowerOptions): Lowered {
  const declared = lowerFunctions(stacks, options);
  const index = makeFunctionIndex(new Map(declared.map((fn) => [fn.name, fn.id])));
  const mocks: RestMockResource[] = [];
  const paths: RestPath[] = [];
  const contexts = stacks.map(({ intrinsics }) => ({
    ...{ intrinsics, report: options.report, functions: index },
    stacks: stacks.map((one) => one.intrinsics),
    declare: (mock: RestMockResource) => void mocks.push(mock),
    tellPath: (path: RestPath) => void paths.push(path),
  }));
  const functions = withInvokeConfigs(declared, contexts);
  const found = contexts.flatMap(lowerTriggers);
  // Templates spell triggers in any place; a project lists them function by function.
  const ordered = functions.flatMap(({ id }) => found.filter(({ functionId }) => functionId === id));
  const triggers = withKeySets(ordered, keySetsOf(stacks, options));
  reportRepeatedRoutes(triggers, options.report);
  reportSiblings(paths, options.report);
  const idOf = resourceIds(stacks, options);
  const resources = [
    ...stacks.flatMap(({ template, intrinsics }) =>
      lowerResources(template, intrinsics, options.report, idOf),
    ),
    ...contexts.flatMap(samTopicResources),
    ...contexts.flatMap(samRuleResources),
    ...contexts.flatMap(samDestinationResources),
    ...contexts.flatMap(samSchedules),
    ...mocks,
  ];
  const seeds = stacks.flatMap(({ intrinsics, folder }) =>
    lowerTableSeeds(intrinsics, options.seedFolder ?? folder, options.report),
  );
  return { functions, triggers, resources, ...(seeds.length > 0 ? { seeds } : {}) };
}

/** `keySets` of `Metadata: { sls-local }`. */
function keySetsOf(stacks: readonly Stack[], { report, seedFolder }: LowerOptions): KeySetFiles {
  const path = ['Metadata', 'sls-local', 'keySets'];
  return new Map(
    stacks.flatMap(({ template, intrinsics, folder }) => {
      const written = mapOf(mapOf(template.Metadata)['sls-local']).keySets;
      return [
        ...readKeySetFiles(written, path, { folder: seedFolder ?? folder, place: intrinsics.place, report }),
      ];
    }),
  );
}

/** Short names of all resources, told apart type by type. */
function resourceIds(
  stacks: readonly Stack[],
  { pathOf }: LowerOptions,
): (resource: TemplateResource) => string {
  const byType = new Map<
    string,
    { readonly resource: TemplateResource; readonly path: readonly string[] }[]
  >();
  for (const stack of stacks)
    for (const resource of stack.intrinsics.resources) {
      const ofType = byType.get(resource.type) ?? [];
      byType.set(resource.type, [...ofType, { resource, path: pathOf(resource, stack) }]);
    }
  const ids = new Map<TemplateResource, string>();
  for (const ofType of byType.values()) {
    const short = shortIds(ofType.map(({ path }) => path));
    for (const [at, { resource }] of ofType.entries()) ids.set(resource, short[at] ?? resource.id);
  }
  return (resource) => ids.get(resource) ?? resource.id;
}

function lowerFunctions(stacks: readonly Stack[], options: LowerOptions): FunctionSpec[] {
  const layers = new Map(stacks.flatMap((stack) => [...lowerLayers(contextOf(stack))]));
  const found = stacks.flatMap((stack) =>
    stack.intrinsics.resources
      .filter((resource) => isFunctionResource(resource) && !options.leaveOut?.(resource, stack))
      .map((resource) => ({ resource, stack })),
  );
  const ids = shortIds(found.map(({ resource, stack }) => options.pathOf(resource, stack)));
  return found.flatMap(({ resource, stack }, index) => {
    const { inlineFolder, write } = options;
    const layerPaths = mapOf(mapOf(mapOf(stack.template.Metadata)['sls-local']).layers);
    const context = { ...contextOf(stack), layers, layerPaths, inlineFolder, write };
    return lowerFunction(resource, ids[index] ?? resource.id, context) ?? [];
  });

  function contextOf({ intrinsics, folder }: Stack) {
    const { report, assetFolder, assetImage } = options;
    return {
      ...{ intrinsics, folder, report },
      ...(assetFolder ? { assetFolder } : {}),
      ...(assetImage ? { assetImage } : {}),
    };
  }
}
