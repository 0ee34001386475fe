/** Which resource types mean nothing on a laptop, which are missed there, and which names are no types at all. */
import { entryOf } from './template.ts';

export type Standing =
  /** Lowered to the model by one of the files here. */
  | 'lowered'
  /** Permissions, deployment and watching: a local run does without. */
  | 'cloud-only'
  /** Something a function may use or be started by, not emulated. */
  | 'not-emulated'
  | 'unknown';

const lowered = new Set([
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::SQS::Queue',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::SNS::Topic',
  'AWS::SNS::Subscription',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
  'AWS::S3::Bucket',
  // How the CDK sets whom a bucket tells.
  'Custom::S3BucketNotifications',
  'AWS::Serverless::SimpleTable',
  'AWS::Serverless::Function',
  'AWS::Serverless::Api',
  'AWS::Serverless::HttpApi',
  'AWS::Serverless::LayerVersion',
  'AWS::Serverless::Application',
  'AWS::CloudFormation::Stack',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Url',
  // Rules that start no function of this project are reported where triggers are lowered.
  'AWS::Events::Rule',
  'AWS::Events::EventBus',
  'AWS::Events::Archive',
  'AWS::Events::Connection',
  'AWS::Events::ApiDestination',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::Pipes::Pipe',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Model',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Stage',
]);

const cloudOnly = new Set([
  'AWS::SQS::QueuePolicy',
  'AWS::SQS::QueueInlinePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SNS::TopicInlinePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::DynamoDB::ResourcePolicy',
  'AWS::Events::EventBusPolicy',
  'AWS::Lambda::Alias',
  'AWS::Lambda::CapacityProvider',
  'AWS::Lambda::CodeSigningConfig',
  'AWS::Lambda::LayerVersionPermission',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::BasePathMapping',
  'AWS::ApiGateway::BasePathMappingV2',
  'AWS::ApiGateway::ClientCertificate',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::DocumentationPart',
  'AWS::ApiGateway::DocumentationVersion',
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::DomainNameAccessAssociation',
  'AWS::ApiGateway::DomainNameV2',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGateway::VpcLink',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::VpcLink',
  'AWS::Serverless::CapacityProvider',
  'AWS::Serverless::Connector',
  'AWS::CDK::Metadata',
  // What CDK constructs add to clean up after themselves.
  'Custom::CloudwatchLogResourcePolicy',
  'Custom::ECRAutoDeleteImages',
  'Custom::LogRetention',
  'Custom::S3AutoDeleteObjects',
  'Custom::VpcRestrictDefaultSG',
  'AWS::CloudFormation::Macro',
  'AWS::CloudFormation::WaitCondition',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::SecretsManager::SecretTargetAttachment',
]);

const cloudOnlyServices = new Set(
  'ApplicationAutoScaling ApplicationInsights ApplicationSignals AutoScaling Backup Budgets CE CertificateManager Chatbot CloudTrail CloudWatch CodeBuild CodeDeploy CodePipeline CodeStarConnections CodeConnections Config DevOpsGuru EC2 FIS GuardDuty IAM InspectorV2 KMS Logs NotificationsContacts RAM ResourceGroups Route53 Route53Resolver RUM Signer SSO Synthetics WAF WAFRegional WAFv2 XRay'.split(
    ' ',
  ),
);

/** Services of which some types are lowered: any other name there that is not listed is a slip of the pen or news. */
const knownInFull: Readonly<Record<string, readonly string[]>> = {
  ApiGateway: ['GatewayResponse'],
  ApiGatewayV2: ['IntegrationResponse', 'Model', 'RouteResponse', 'RoutingRule'],
  DynamoDB: [],
  Events: ['Endpoint'],
  Lambda: ['MicrovmImage', 'NetworkConnector', 'WebFunction', 'WebFunctionEndpoint', 'WebFunctionRevision'],
  Scheduler: [],
  SNS: [],
  SQS: [],
  Serverless: ['GraphQLApi', 'StateMachine', 'WebFunction', 'WebSocketApi'],
};

export function standingOf(type: string): Standing {
  if (lowered.has(type)) return 'lowered';
  if (cloudOnly.has(type)) return 'cloud-only';
  if (/^Custom::.+/.test(type)) return 'not-emulated';
  const [vendor, service = '', name = '', ...more] = type.split('::');
  if (more.length > 0 && more[0] === 'MODULE') return 'not-emulated';
  if (!vendor || name === '' || more.length > 0) return 'unknown';
  if (vendor !== 'AWS') return vendor === 'Alexa' ? 'not-emulated' : 'unknown';
  if (cloudOnlyServices.has(service)) return 'cloud-only';
  const types = entryOf(knownInFull, service);
  return types && !types.includes(name) ? 'unknown' : 'not-emulated';
}
