/** What the steps of a pipe work with. */
import type { EmulatorContext, JsonValue, ServiceCalls } from '../../src/model/emulator.ts';
import type { TraceContext } from '../../src/model/invocation.ts';
import { ServiceError } from '../_wire/service-error.ts';
import type { PipeSettings } from './settings.ts';

export interface PipeRun {
  readonly context: EmulatorContext;
  readonly name: string;
  readonly arn: string;
  readonly settings: PipeSettings;
}

/** An event on its way, and the record it comes of where it is still one. */
export interface Item {
  readonly event: JsonValue;
  readonly id?: string;
  readonly origin: TraceContext;
}

export function needServices({ services }: EmulatorContext): ServiceCalls {
  if (!services) throw new ServiceError('ServiceNotEmulated', 'there are no other services');
  return services;
}
