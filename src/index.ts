/** What `import … from 'sls-local'` gives. */
import type { ConfigExport } from './loaders/native/config.ts';

export type {
  AsyncDestinationConfig,
  AsyncEventsConfig,
  AuthorizerConfig,
  BucketConfig,
  BucketSourceConfig,
  ConfigContext,
  ConfigExport,
  CorsConfig,
  DetailedRouteConfig,
  Duration,
  EnvConfig,
  EnvValues,
  EventBusConfig,
  EventBusSourceConfig,
  EventDeliveryConfig,
  EventRuleConfig,
  FilterPattern,
  FunctionAuthorizerConfig,
  FunctionConfig,
  FunctionDefaults,
  IndexConfig,
  IndexKeyConfig,
  JwtAuthorizerConfig,
  KeyConfig,
  KinesisSourceConfig,
  LoggingConfig,
  Lookup,
  ProjectConfig,
  QueueConfig,
  QueueSourceConfig,
  RouteConfig,
  ScheduleConfig,
  SeedItem,
  StreamConfig,
  StreamDeliveryConfig,
  StreamFailureConfig,
  StreamSourceConfig,
  SubscriptionConfig,
  TableConfig,
  TopicConfig,
  TopicFilterConfig,
  TopicSourceConfig,
  UserPoolAuthorizerConfig,
} from './loaders/native/config.ts';

/** Gives a `sls-local.config.ts` its types; returns what it is given. */
export function defineConfig(config: ConfigExport): ConfigExport {
  return config;
}
