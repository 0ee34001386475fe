/** The CloudFormation side of a serverless.yml: its `resources`, and the resources the framework itself would make. */
import type { Place } from '../../model/project.ts';
import type { ImpliedResource } from '../cloudformation/references.ts';
import { isMap, mapOf, type Template } from '../cloudformation/template.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import { functionLogicalId, normalizedName, topicLogicalId } from './names.ts';
import type { Variables } from './variables/resolver.ts';

export interface ServiceTemplate {
  readonly template: Template;
  /** Also takes paths of the serverless.yml itself (`functions`, `provider`). */
  place(path: Path): Place;
}

const sections = ['Parameters', 'Mappings', 'Conditions', 'Resources', 'extensions'];

/** `resources` is a template, or a list of templates that are laid over each other. */
export async function readTemplate(variables: Variables, report: Report): Promise<ServiceTemplate> {
  const template: Record<string, Record<string, unknown>> = {};
  const origins = new Map<string, Path>();
  const whole = await variables.shallow(['resources'], () => {});
  for (const at of Array.isArray(whole) ? whole.map((_, i) => ['resources', i]) : [['resources']]) {
    const part = mapOf(await variables.shallow(at, report));
    for (const section of sections) {
      const entries = mapOf(await variables.shallow([...at, section], section in part ? report : () => {}));
      for (const name of Object.keys(entries)) {
        const path = [...at, section, name];
        template[section] ??= {};
        template[section][name] = merged(
          template[section][name],
          await entry(variables, path, section, report),
        );
        origins.set(JSON.stringify([section, name]), path);
      }
    }
  }
  return {
    template,
    place(path) {
      const origin = origins.get(JSON.stringify(path.slice(0, 2)));
      return variables.place(origin ? [...origin, ...path.slice(2)] : path);
    },
  };
}

/** Types whose every property is used here, so that a variable without a value in one is worth a word. */
const lowered = /^AWS::(DynamoDB|SQS|S3|SNS|SSM|SecretsManager|Events)::/;

async function entry(variables: Variables, path: Path, section: string, report: Report): Promise<unknown> {
  const type = section === 'Resources' ? await variables.shallow([...path, 'Type'], () => {}) : undefined;
  const audible = typeof type === 'string' && lowered.test(type);
  return variables.deep(path, audible ? report : () => {});
}

/** A resource declared twice is one resource with the properties of both, the later winning. */
export function merged(earlier: unknown, later: unknown): unknown {
  if (!isMap(earlier) || !isMap(later)) return later;
  const result: Record<string, unknown> = { ...earlier };
  for (const [key, value] of Object.entries(later)) result[key] = merged(earlier[key], value);
  return result;
}

export interface ImpliedOptions {
  readonly service: string;
  readonly stage: string;
  /** Key → name in the cloud. */
  readonly functions: ReadonlyMap<string, string>;
  /** Logical ids of the service's own layers. */
  readonly layers: Iterable<string>;
  /** Names of the topics that events make. */
  readonly topics: Iterable<string>;
  /** By logical id. */
  readonly buckets: Readonly<Record<string, ImpliedResource>>;
}

/** Resources a function may refer to though no one declared them. Source: the framework's AWS naming. */
export function impliedResources(options: ImpliedOptions): Record<string, ImpliedResource> {
  const { service, stage } = options;
  const api = `${stage}-${service}`;
  const implied: Record<string, ImpliedResource> = {
    ...options.buckets,
    HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: api } },
    HttpApiStage: { Type: 'AWS::ApiGatewayV2::Stage' },
    WebsocketsApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: `${api}-websockets` } },
    ApiGatewayRestApi: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: api } },
    IamRoleLambdaExecution: { Type: 'AWS::IAM::Role' },
    ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket' },
  };
  for (const [key, name] of options.functions) {
    implied[functionLogicalId(key)] = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: name } };
    implied[`${functionLogicalId(key)}Url`] = { Type: 'AWS::Lambda::Url' };
    implied[`HttpApiIntegration${normalizedName(key)}`] = { Type: 'AWS::ApiGatewayV2::Integration' };
    implied[`${normalizedName(key)}LogGroup`] = {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: `/aws/lambda/${name}` },
    };
  }
  for (const name of options.topics)
    implied[topicLogicalId(name)] = { Type: 'AWS::SNS::Topic', Properties: { TopicName: name } };
  for (const layer of options.layers) implied[layer] = { Type: 'AWS::Lambda::LayerVersion' };
  return implied;
}

/** A template's paths stand below `resources` in a serverless.yml. */
export function belowResources(report: Report): Report {
  return (problem) =>
    report(
      problem.subject && /^(Resources|Conditions|Mappings|Parameters|extensions)\b/.test(problem.subject)
        ? { ...problem, subject: `resources.${problem.subject}` }
        : problem,
    );
}
