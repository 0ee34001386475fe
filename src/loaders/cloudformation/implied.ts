/** The resources a SAM transform makes beside those a template spells, as far as templates refer to them. */
import type { ImpliedResource } from './names.ts';
import { entryOf, flagOf, isMap, mapOf, type Template, textOf, type Values } from './template.ts';

export const implicitRestApi = 'ServerlessRestApi';
export const implicitHttpApi = 'ServerlessHttpApi';

/**
 * The template with the APIs SAM adds for events that name none.
 * Source: "Generated CloudFormation resources" in the SAM developer guide.
 */
export function addImplicitApis(template: Template): Template {
  const resources = mapOf(template.Resources);
  const events = Object.values(resources)
    .filter(isServerlessFunction)
    .flatMap((resource) => Object.values(mapOf(mapOf(resource.Properties).Events)).map(mapOf));
  const unnamed = (type: string, key: string) =>
    events.some((event) => event.Type === type && mapOf(event.Properties)[key] === undefined);
  const globals = mapOf(template.Globals);
  const added: Record<string, unknown> = {};
  if (unnamed('Api', 'RestApiId') && !(implicitRestApi in resources))
    added[implicitRestApi] = {
      Type: 'AWS::Serverless::Api',
      Properties: { ...mapOf(globals.Api), StageName: 'Prod' },
    };
  if (unnamed('HttpApi', 'ApiId') && !(implicitHttpApi in resources))
    added[implicitHttpApi] = { Type: 'AWS::Serverless::HttpApi', Properties: mapOf(globals.HttpApi) };
  return { ...template, Resources: { ...resources, ...added } };
}

/** What can be referred to though the template does not declare it: roles, versions, aliases, stages, rules. */
export function impliedResources(template: Template): Record<string, ImpliedResource> {
  const implied: Record<string, ImpliedResource> = {};
  for (const [id, resource] of Object.entries(mapOf(template.Resources))) {
    if (!isMap(resource)) continue;
    const properties = mapOf(resource.Properties);
    if (resource.Type === 'AWS::Serverless::Function') Object.assign(implied, besideFunction(id, properties));
    if (resource.Type === 'AWS::Serverless::StateMachine') implied[`${id}Role`] = { Type: 'AWS::IAM::Role' };
    if (resource.Type === 'AWS::Serverless::Api') Object.assign(implied, besideRestApi(id, properties));
    if (resource.Type === 'AWS::Serverless::HttpApi') Object.assign(implied, besideHttpApi(id, properties));
    if (resource.Type === 'AWS::Serverless::SimpleTable')
      implied[`${id}.Table`] = { Type: 'AWS::DynamoDB::Table', Properties: properties };
  }
  return implied;
}

function besideFunction(id: string, properties: Values): Record<string, ImpliedResource> {
  const FunctionName = { Ref: id };
  const alias = textOf(properties.AutoPublishAlias) ?? 'live';
  const Alias = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName, Name: alias } };
  const implied: Record<string, ImpliedResource> = {
    [`${id}Role`]: { Type: 'AWS::IAM::Role' },
    [`${id}.Version`]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } },
    [`${id}.Alias`]: Alias,
    [`${id}Alias${alias}`]: Alias,
    [`${id}Url`]: {
      Type: 'AWS::Lambda::Url',
      Properties: { TargetFunctionArn: { 'Fn::GetAtt': [id, 'Arn'] } },
    },
  };
  Object.assign(implied, destinationsOf(id, mapOf(mapOf(properties.EventInvokeConfig).DestinationConfig)));
  for (const [name, event] of Object.entries(mapOf(properties.Events))) {
    const type = entryOf(eventResources, textOf(mapOf(event).Type) ?? '');
    const named = `${id}${name}`;
    if (type !== undefined)
      implied[named] = { Type: type, Properties: withName(mapOf(mapOf(event).Properties), type, named) };
  }
  return implied;
}

/** What SAM makes for outcomes with a type alone, by its own name and as `TheFunction.DestinationQueue`. */
function destinationsOf(id: string, config: Values): Record<string, ImpliedResource> {
  const implied: Record<string, ImpliedResource> = {};
  for (const [outcome, written] of Object.entries(config)) {
    const { Type: type, Destination: destination } = mapOf(written);
    const kind = type === 'SQS' ? 'Queue' : 'Topic';
    // Whether one is named may depend on a condition.
    const isNamed = destination !== undefined && !('Fn::If' in mapOf(destination));
    if ((type !== 'SQS' && type !== 'SNS') || isNamed) continue;
    const Type = `AWS::${type}::${kind}`;
    const made = `${id}EventInvokeConfig${outcome}${kind}`;
    const name = { 'Fn::GetAtt': [made, `${kind}Name`] };
    implied[made] = { Type };
    implied[`${id}.Destination${kind}`] = { Type, Properties: { [`${kind}Name`]: name } };
  }
  return implied;
}

/** The name of what SAM makes of an event, under the key CloudFormation has for it. */
function withName({ Name, RuleName, ...others }: Values, type: string, logicalId: string): Values {
  const isSchedule = type === 'AWS::Scheduler::Schedule' && flagOf(others.OmitName) !== true;
  return { ...others, Name: Name ?? RuleName ?? (isSchedule ? logicalId : undefined) };
}

const eventResources: Readonly<Record<string, string>> = {
  Schedule: 'AWS::Events::Rule',
  EventBridgeRule: 'AWS::Events::Rule',
  CloudWatchEvent: 'AWS::Events::Rule',
  ScheduleV2: 'AWS::Scheduler::Schedule',
  SQS: 'AWS::Lambda::EventSourceMapping',
  Kinesis: 'AWS::Lambda::EventSourceMapping',
  DynamoDB: 'AWS::Lambda::EventSourceMapping',
};

function besideRestApi(id: string, properties: Values): Record<string, ImpliedResource> {
  const stage = textOf(properties.StageName) ?? '';
  const Stage = { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: properties.StageName } };
  return {
    [`${id}.Stage`]: Stage,
    [`${id}${stage}Stage`]: Stage,
    [`${id}.Deployment`]: { Type: 'AWS::ApiGateway::Deployment' },
    [`${id}Deployment`]: { Type: 'AWS::ApiGateway::Deployment' },
  };
}

function besideHttpApi(id: string, properties: Values): Record<string, ImpliedResource> {
  const StageName = properties.StageName ?? '$default';
  const Stage = { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName } };
  const name = StageName === '$default' ? 'ApiGatewayDefault' : (textOf(StageName) ?? '');
  return { [`${id}.Stage`]: Stage, [`${id}${name}Stage`]: Stage };
}

function isServerlessFunction(resource: unknown): resource is Values {
  return isMap(resource) && resource.Type === 'AWS::Serverless::Function';
}
