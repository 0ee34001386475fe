/** What `import … from 'sls-local'` gives. */
import type { ConfigExport } from './loaders/native/config.ts';

export type {
  AsyncDestinationConfig,
  AsyncEventsConfig,
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
  FunctionConfig,
  FunctionDefaults,
  IndexConfig,
  IndexKeyConfig,
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
} from './loaders/native/config.ts';

/** Gives a `sls-local.config.ts` its types; returns what it is given. */
export function defineConfig(config: ConfigExport): ConfigExport {
  return config;
}
