/**
 * What `Ref` and `Fn::GetAtt` give for each resource type, written as patterns.
 * Source: "Return values" of each type in the CloudFormation resource reference.
 */
import { LATEST_STREAM_LABEL } from '../../model/resources.ts';
import { entryOf } from './template.ts';

export interface TypeFacts {
  /** Property by which a template names the resource. */
  readonly name?: string;
  /** Longest name the service takes; longer generated ones are cut. */
  readonly longest?: number;
  readonly lowerCase?: true;
  readonly arn?: string;
  /** Pattern of `Ref`; `{name}` when absent. */
  readonly ref?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Patterns know `{partition} {region} {account} {suffix} {name} {slashed} {arn} {id} {six}`, `{property:X}` for a resolved property,
 * `{function:X}` for the function name in a property that may also hold an ARN, and `{queue}` for the queue URL.
 * `{id}` is ten letters and digits made of the physical name: what services hand out as opaque ids; `{six}` are its first six.
 * `{slashed}` is the name with a slash before it, whether it has one or not.
 */
const facts: Readonly<Record<string, TypeFacts>> = {
  'AWS::DynamoDB::Table': {
    name: 'TableName',
    arn: 'arn:{partition}:dynamodb:{region}:{account}:table/{name}',
    attributes: { StreamArn: `{arn}/stream/${LATEST_STREAM_LABEL}`, TableId: '{id}' },
  },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    longest: 80,
    arn: 'arn:{partition}:sqs:{region}:{account}:{name}',
    ref: '{queue}',
    attributes: { QueueName: '{name}', QueueUrl: '{queue}' },
  },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    arn: 'arn:{partition}:sns:{region}:{account}:{name}',
    ref: '{arn}',
    attributes: { TopicName: '{name}', TopicArn: '{arn}' },
  },
  'AWS::SNS::Subscription': {
    ref: '{property:TopicArn}:{id}',
    attributes: { Arn: '{property:TopicArn}:{id}' },
  },
  'AWS::S3::Bucket': {
    name: 'BucketName',
    longest: 63,
    lowerCase: true,
    arn: 'arn:{partition}:s3:::{name}',
    attributes: {
      DomainName: '{name}.s3.{suffix}',
      RegionalDomainName: '{name}.s3.{region}.{suffix}',
      DualStackDomainName: '{name}.s3.dualstack.{region}.{suffix}',
      WebsiteURL: 'http://{name}.s3-website-{region}.{suffix}',
    },
  },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    longest: 64,
    arn: 'arn:{partition}:lambda:{region}:{account}:function:{name}',
  },
  'AWS::Lambda::Version': {
    arn: 'arn:{partition}:lambda:{region}:{account}:function:{function:FunctionName}:1',
    ref: '{arn}',
    attributes: { Version: '1', FunctionArn: '{arn}' },
  },
  'AWS::Lambda::Alias': {
    arn: 'arn:{partition}:lambda:{region}:{account}:function:{function:FunctionName}:{property:Name}',
    ref: '{arn}',
    attributes: { AliasArn: '{arn}' },
  },
  'AWS::Lambda::Url': {
    ref: '{property:TargetFunctionArn}',
    attributes: {
      FunctionArn: '{property:TargetFunctionArn}',
      FunctionUrl: 'https://{id}.lambda-url.{region}.on.aws/',
    },
  },
  'AWS::Lambda::LayerVersion': {
    name: 'LayerName',
    arn: 'arn:{partition}:lambda:{region}:{account}:layer:{name}:1',
    ref: '{arn}',
    attributes: { LayerVersionArn: '{arn}' },
  },
  'AWS::Lambda::EventSourceMapping': {
    arn: 'arn:{partition}:lambda:{region}:{account}:event-source-mapping:{id}',
    ref: '{id}',
    attributes: { EventSourceMappingArn: '{arn}', Id: '{id}' },
  },
  'AWS::ApiGateway::RestApi': {
    ref: '{id}',
    attributes: { RootResourceId: '{id}-root', RestApiId: '{id}' },
  },
  'AWS::ApiGateway::Authorizer': { ref: '{id}', attributes: { AuthorizerId: '{id}' } },
  'AWS::ApiGateway::Model': { name: 'Name' },
  'AWS::ApiGateway::RequestValidator': { ref: '{id}', attributes: { RequestValidatorId: '{id}' } },
  'AWS::ApiGateway::ApiKey': { ref: '{id}', attributes: { APIKeyId: '{id}' } },
  'AWS::ApiGateway::Resource': { ref: '{id}', attributes: { ResourceId: '{id}' } },
  'AWS::ApiGateway::Stage': { ref: '{property:StageName}' },
  'AWS::ApiGateway::Deployment': { ref: '{id}', attributes: { DeploymentId: '{id}' } },
  'AWS::ApiGatewayV2::Api': {
    ref: '{id}',
    attributes: { ApiId: '{id}', ApiEndpoint: 'https://{id}.execute-api.{region}.{suffix}' },
  },
  'AWS::ApiGatewayV2::Authorizer': { ref: '{id}', attributes: { AuthorizerId: '{id}' } },
  'AWS::ApiGatewayV2::Integration': { ref: '{id}', attributes: { IntegrationId: '{id}' } },
  'AWS::ApiGatewayV2::Stage': { ref: '{property:StageName}' },
  'AWS::Events::Rule': {
    name: 'Name',
    longest: 64,
    arn: 'arn:{partition}:events:{region}:{account}:rule/{name}',
  },
  'AWS::Events::EventBus': {
    name: 'Name',
    arn: 'arn:{partition}:events:{region}:{account}:event-bus/{name}',
    attributes: { Name: '{name}' },
  },
  'AWS::Events::Archive': {
    name: 'ArchiveName',
    longest: 48,
    arn: 'arn:{partition}:events:{region}:{account}:archive/{name}',
  },
  'AWS::Events::Connection': {
    name: 'Name',
    longest: 64,
    arn: 'arn:{partition}:events:{region}:{account}:connection/{name}/{id}',
    attributes: {
      SecretArn:
        'arn:{partition}:secretsmanager:{region}:{account}:secret:events!connection/{name}/{id}-{six}',
    },
  },
  'AWS::Events::ApiDestination': {
    name: 'Name',
    longest: 64,
    arn: 'arn:{partition}:events:{region}:{account}:api-destination/{name}/{id}',
    attributes: {
      ArnForPolicy: 'arn:{partition}:events:{region}:{account}:api-destination/{name}',
    },
  },
  'AWS::Scheduler::Schedule': {
    name: 'Name',
    longest: 64,
    arn: 'arn:{partition}:scheduler:{region}:{account}:schedule/default/{name}',
  },
  'AWS::Scheduler::ScheduleGroup': {
    name: 'Name',
    arn: 'arn:{partition}:scheduler:{region}:{account}:schedule-group/{name}',
  },
  'AWS::Pipes::Pipe': {
    name: 'Name',
    longest: 64,
    arn: 'arn:{partition}:pipes:{region}:{account}:pipe/{name}',
  },
  'AWS::StepFunctions::StateMachine': {
    name: 'StateMachineName',
    longest: 80,
    arn: 'arn:{partition}:states:{region}:{account}:stateMachine:{name}',
    ref: '{arn}',
    attributes: { Name: '{name}' },
  },
  'AWS::Kinesis::Stream': {
    name: 'Name',
    arn: 'arn:{partition}:kinesis:{region}:{account}:stream/{name}',
  },
  // The number is the time the consumer was made, which a template cannot know.
  'AWS::Kinesis::StreamConsumer': {
    name: 'ConsumerName',
    arn: '{property:StreamARN}/consumer/{name}:1767225600',
    ref: '{arn}',
    attributes: {
      ConsumerARN: '{arn}',
      ConsumerName: '{name}',
      ConsumerStatus: 'ACTIVE',
      StreamARN: '{property:StreamARN}',
    },
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    name: 'DeliveryStreamName',
    longest: 64,
    arn: 'arn:{partition}:firehose:{region}:{account}:deliverystream/{name}',
  },
  'AWS::Cognito::UserPool': {
    ref: '{region}_{id}',
    arn: 'arn:{partition}:cognito-idp:{region}:{account}:userpool/{region}_{id}',
    attributes: {
      UserPoolId: '{region}_{id}',
      ProviderName: 'cognito-idp.{region}.{suffix}/{region}_{id}',
      ProviderURL: 'https://cognito-idp.{region}.{suffix}/{region}_{id}',
    },
  },
  'AWS::Cognito::UserPoolClient': { ref: '{id}', attributes: { ClientId: '{id}', Name: '{name}' } },
  'AWS::Cognito::IdentityPool': { ref: '{region}:{id}', attributes: { Id: '{region}:{id}' } },
  'AWS::SSM::Parameter': {
    name: 'Name',
    arn: 'arn:{partition}:ssm:{region}:{account}:parameter{slashed}',
    attributes: { Value: '{property:Value}', Type: '{property:Type}' },
  },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    arn: 'arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{six}',
    ref: '{arn}',
    attributes: { Id: '{arn}' },
  },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    arn: 'arn:{partition}:logs:{region}:{account}:log-group:{name}:*',
  },
  'AWS::IAM::Role': {
    name: 'RoleName',
    longest: 64,
    arn: 'arn:{partition}:iam::{account}:role/{name}',
    attributes: { RoleId: 'AROA{id}' },
  },
  'AWS::IAM::User': { name: 'UserName', longest: 64, arn: 'arn:{partition}:iam::{account}:user/{name}' },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    arn: 'arn:{partition}:iam::{account}:policy/{name}',
    ref: '{arn}',
    attributes: { PolicyArn: '{arn}' },
  },
  'AWS::KMS::Key': {
    ref: '{id}',
    arn: 'arn:{partition}:kms:{region}:{account}:key/{id}',
    attributes: { KeyId: '{id}' },
  },
  'AWS::KMS::Alias': { name: 'AliasName', arn: 'arn:{partition}:kms:{region}:{account}:{name}' },
  'AWS::AppSync::GraphQLApi': {
    ref: '{arn}',
    arn: 'arn:{partition}:appsync:{region}:{account}:apis/{id}',
    attributes: { ApiId: '{id}', GraphQLUrl: 'https://{id}.appsync-api.{region}.{suffix}/graphql' },
  },
  'AWS::CloudFormation::Stack': {
    arn: 'arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{id}',
    ref: '{arn}',
  },
};

/** Types that answer like another one. */
const likeness: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'AWS::DynamoDB::Table',
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
  'AWS::Serverless::Function': 'AWS::Lambda::Function',
  'AWS::Serverless::LayerVersion': 'AWS::Lambda::LayerVersion',
  'AWS::Serverless::Api': 'AWS::ApiGateway::RestApi',
  'AWS::Serverless::HttpApi': 'AWS::ApiGatewayV2::Api',
  'AWS::Serverless::WebSocketApi': 'AWS::ApiGatewayV2::Api',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
  'AWS::Serverless::Application': 'AWS::CloudFormation::Stack',
  'AWS::Serverless::GraphQLApi': 'AWS::AppSync::GraphQLApi',
};

/** Types whose name property is another than that of their likeness. */
const namedDifferently: Readonly<Record<string, string>> = {
  'AWS::Serverless::StateMachine': 'Name',
};

/** Facts of a type; of an unlisted one only that `Ref` gives its name and `Arn` something of an ARN's form. */
export function factsOf(type: string): TypeFacts {
  const known = entryOf(facts, entryOf(likeness, type) ?? type);
  const name = entryOf(namedDifferently, type);
  if (known) return name === undefined ? known : { ...known, name };
  const service = type.split('::')[1]?.toLowerCase() ?? 'custom';
  return { arn: `arn:{partition}:${service}:{region}:{account}:{name}` };
}

/** Fills `{key}` and `{key:argument}` of a pattern. */
export function fillPattern(pattern: string, fill: (key: string, argument: string) => string): string {
  return pattern.replace(/\{(\w+)(?::(\w+))?\}/g, (_, key: string, argument = '') => fill(key, argument));
}

export function functionArn(name: string, region: string, accountId: string): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${accountId}:function:${name}`;
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function urlSuffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** The function's name in a name, an ARN or a qualified ARN: `arn:aws:lambda:…:function:create:live` → `create`. */
export function functionNameIn(text: string): string {
  const name = /:function:([^:/]+)/.exec(text)?.[1];
  return name ?? text.split(':')[0] ?? text;
}
