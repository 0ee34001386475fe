/** What `resources` changes of the resources the framework makes itself: entries of the same logical id, and `extensions`. */
import type { ImpliedResource } from '../cloudformation/references.ts';
import { entryOf, isMap, mapOf, type Template, type Values } from '../cloudformation/template.ts';
import { makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import { merged, type ServiceTemplate } from './template.ts';

/** Properties of one resource as written, and where. */
export interface Override {
  readonly properties: Values;
  readonly path: Path;
  /** Each property takes the place of the framework's; else maps are laid over it. */
  readonly replaces: boolean;
}

export interface Overridden {
  /** Without what is only changed, with the resources that are changed as a whole. */
  readonly template: Template;
  /** Of functions and APIs, by logical id; the later ones win. */
  readonly overrides: ReadonlyMap<string, readonly Override[]>;
}

/** Resources of these types are lowered from the template, with what the project says of them. */
const wholeTypes = new Set(['AWS::S3::Bucket', 'AWS::SNS::Topic']);

/** The framework's own bucket has no properties, and does not exist here. */
function isWhole({ Type, Properties }: ImpliedResource): boolean {
  return wholeTypes.has(Type) && Properties !== undefined;
}

/** Ends and beginnings of logical ids the framework gives to what has no counterpart here. Source: its AWS naming. */
const ofFramework =
  /^(ApiGateway|HttpApi|Websockets|IamRole|ServerlessDeploymentBucket)|(LogGroup|LambdaVersion\w*|LambdaPermission\w*|EventSourceMapping\w+|EventsRule\w+|EventBridge\w+|Subscription\w+|LambdaFunctionUrl|LambdaEvConf|ProvConcLambdaAlias)$/;

/** `made`: what the framework makes; buckets among it are resources also where the project says nothing of them. */
export function overridden(
  { template, place }: ServiceTemplate,
  made: Readonly<Record<string, ImpliedResource>>,
  report: Report,
): Overridden {
  const resources: Record<string, unknown> = {};
  const overrides = new Map<string, Override[]>();
  const override = (id: string, written: unknown, path: Path, replaces: boolean) => {
    const properties = mapOf(mapOf(written).Properties);
    overrides.set(id, [
      ...(overrides.get(id) ?? []),
      { properties, path: [...path, 'Properties'], replaces },
    ]);
  };
  const ignored = (section: string, id: string) =>
    makeFields(mapOf(template[section]), [section], { place, report }).warn({
      ...(ofFramework.test(id)
        ? {
            code: 'not-emulated',
            message: `what ${section === 'Resources' ? 'resources' : 'resources.extensions'} says of "${id}", which the framework makes, has no effect here`,
          }
        : {
            code: 'unresolved-reference',
            message: `resources.extensions changes "${id}", which is no resource of this project`,
            hint: 'check the spelling of the logical id',
          }),
      key: id,
    });

  for (const [id, written] of Object.entries(mapOf(template.Resources))) {
    const implied = entryOf(made, id);
    if (implied && isWhole(implied)) resources[id] = merged(implied, written);
    else if (implied && isMap(written)) override(id, written, ['Resources', id], false);
    else if (isMap(written) && written.Type === undefined && ofFramework.test(id)) ignored('Resources', id);
    else resources[id] = written;
  }
  for (const [id, written] of Object.entries(mapOf(template.extensions))) {
    const implied = entryOf(made, id);
    const base = resources[id] ?? (implied && isWhole(implied) ? implied : undefined);
    if (base !== undefined) resources[id] = extended(mapOf(base), mapOf(written));
    else if (implied) override(id, written, ['extensions', id], true);
    else ignored('extensions', id);
  }
  for (const [id, implied] of Object.entries(made))
    if (implied.Type === 'AWS::S3::Bucket' && isWhole(implied)) resources[id] ??= implied;
  return { template: { ...template, Resources: resources }, overrides };
}

function extended(base: Values, extension: Values): Values {
  return { ...base, ...extension, Properties: { ...mapOf(base.Properties), ...mapOf(extension.Properties) } };
}
