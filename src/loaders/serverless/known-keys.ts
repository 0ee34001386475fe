/** The keys, events and plugins of a serverless.yml that are known, and how each is treated. Source: serverless v3 and v4 reference. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Keys at the top that are read here or mean nothing on one's own machine. */
export const topKeys = words(`
  service org app tenant projectDir frameworkVersion configValidationMode unresolvedVariablesNotificationMode
  deprecationNotificationMode disabledDeprecations variablesResolutionMode enableLegacyDeploymentBucket console licenseKey
  useDotenv variableSyntax provider functions layers resources package build plugins custom params stages outputs state
  dashboard ai mcp agents constructs`);

/** Keys other tools and plugins read; what they declare does not exist here. */
export const foreignTopKeys = words('stepFunctions appSync services websockets hooks gateways');

/** Keys of a function that are read, and those without meaning on one's own machine. */
export const functionKeys = words(`
  handler name description runtime memorySize timeout environment events url layers architecture reservedConcurrency
  condition dependsOn httpApi
  image role vpc tags tracing kmsKeyArn awsKmsKeyArn logRetentionInDays logDataProtectionPolicy logs package build
  disableLogs provisionedConcurrency concurrency runtimeManagement snapStart versionFunction versionFunctions
  ephemeralStorageSize
  onError destinations maximumEventAge maximumRetryAttempts fileSystemConfig durableConfig tenancy capacityProvider
  recursiveLoop
  iamRoleStatements iamRoleStatementsName iamRoleStatementsInherit alarms warmup dotenv prune loggingConfig`);

/** Keys of a function that change what it does in the cloud, and do not here. */
export const functionKeysNotEmulated: Readonly<Record<string, string>> = {
  fileSystemConfig: 'no file system is mounted',
  durableConfig: 'the function runs as an ordinary one',
};

export const httpKeys = words(`
  path method cors integration authorizer private async request response connectionType connectionId timeoutInMillis
  operationId documentation swaggerIntegration caching throttling
  transferMode usagePlan resourcePolicy schema`);

export const httpApiKeys = words('path method authorizer timeout documentation');

export const scheduleKeys = words(`
  rate enabled name description input inputPath inputTransformer method timezone groupName roleArn`);

export const eventBridgeKeys = words(`
  eventBus pattern schedule name description enabled input inputPath inputTransformer retryPolicy deadLetterQueueArn`);

export const cloudwatchKeys = words('event name description enabled input inputPath inputTransformer');

export const sqsKeys = words(`
  arn batchSize enabled maximumBatchingWindow functionResponseType filterPatterns maximumConcurrency kmsKeyArn
  metricsConfig provisionedPollerConfig`);

export const topicKeys = words(`
  arn topicName displayName filterPolicy filterPolicyScope redrivePolicy kmsMasterKeyId`);
export const s3Keys = words('bucket event rules existing forceDeploy');

export const streamKeys = words(`
  arn type batchSize batchWindow startingPosition startingPositionTimestamp enabled maximumRetryAttempts maximumRecordAgeInSeconds
  bisectBatchOnFunctionError parallelizationFactor functionResponseType destinations tumblingWindowInSeconds filterPatterns
  consumer kmsKeyArn metricsConfig`);

/** Event sources that are recognised and do not exist here yet. */
export const eventsNotEmulated = words(`
  websocket alb kafka msk activemq rabbitmq cloudwatchLog cognitoUserPool iot
  iotFleetProvisioning cloudFront alexaSkill alexaSmartHome`);

/** Plugins whose work is done here already, or has no meaning on one's own machine. */
export const harmlessPlugins = words(`
  serverless-offline serverless-offline-dynamodb-local serverless-offline-sqs serverless-offline-scheduler
  serverless-offline-local-authorizers-plugin serverless-dynamodb-local serverless-dynamodb serverless-dynamodb-seed serverless-v3-dynamodb-seed serverless-esbuild
  serverless-bundle serverless-webpack serverless-plugin-typescript @hewmen/serverless-plugin-typescript serverless-plugin-optimize serverless-plugin-include-dependencies
  serverless-plugin-common-excludes serverless-plugin-monorepo serverless-jetpack serverless-rspack serverless-swc
  serverless-dotenv-plugin serverless-export-env serverless-offline-ssm serverless-localstack
  serverless-python-requirements serverless-wsgi serverless-prune-plugin serverless-plugin-tracing serverless-plugin-aws-alerts
  serverless-iam-roles-per-function serverless-pseudo-parameters serverless-plugin-split-stacks
  serverless-plugin-warmup serverless-domain-manager serverless-better-credentials serverless-deployment-bucket
  serverless-plugin-log-retention serverless-plugin-datadog serverless-plugin-lambda-insights serverless-plugin-tag-cloud-watch-logs
  serverless-s3-sync serverless-finch serverless-plugin-scripts serverless-hooks-plugin serverless-mocha-plugin serverless-jest-plugin
  serverless-api-gateway-throttling serverless-associate-waf serverless-associate-waf serverless-add-api-key
  serverless-openapi-documentation serverless-offline-kinesis serverless-plugin-resource-tagging serverless-plugin-git-variables
  serverless-export-outputs serverless-stack-output serverless-stack-termination-protection serverless-plugin-canary-deployments
  serverless-disable-functions serverless-plugin-bootstrap serverless-vpc-plugin serverless-plugin-vpc-eni-cleanup
  serverless-certificate-creator serverless-apigw-binary serverless-apigateway-service-proxy-none serverless-content-encoding
  serverless-enable-api-logs serverless-latest-layer-version @serverless/typescript serverless-lift`);
