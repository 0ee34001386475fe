/** What lowering an event needs to know besides the event itself. */

import type { Resource } from '../../model/resources.ts';
import type { FieldsContext } from '../fields.ts';
import type { Path } from '../yaml.ts';
import type { Access } from './access.ts';
import type { Settings } from './settings.ts';

export interface EventContext {
  readonly functionId: string;
  /** The function's name in the cloud. */
  readonly functionName: string;
  /** Which of the function's rules this event is, from 1; the framework names them so. */
  readonly ruleNumber?: number;
  readonly functionArn: string;
  readonly settings: Settings;
  readonly access: Access;
  /** Payload format of this function's HTTP API routes. */
  readonly payloadFormat: '1.0' | '2.0';
  readonly fields: FieldsContext;
  /** ARN of a topic of this name in the service's account and region. */
  topicArn(name: string): string;
  /** Something the framework makes for an event. */
  declare(resource: Resource): void;
  /** Replaces CloudFormation's functions; `path` is where the value stands. */
  resolve(value: unknown, path: Path): unknown;
}
