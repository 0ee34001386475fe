/** Says what an integration does that is no call of a function by proxy, and that its route is left out. */
import { asText } from './plain-functions.ts';

export interface WrittenIntegration {
  /** `AWS`, `aws_proxy`, `HTTP`, … as written. */
  readonly type: unknown;
  readonly uri: unknown;
  /** `SQS-SendMessage`, of an HTTP API. */
  readonly subtype?: unknown;
}

const LAMBDA = /:lambda:path\/.*:function:([^/]+)\/invocations$/;
const SERVICE = /^arn:[^:]+:apigateway:[^:]*:(.+)$/;

export function integrationWords(route: string, { type, uri, subtype }: WrittenIntegration): string {
  return `${route} ${deed(asText(type).toUpperCase(), asText(uri), subtype)}: the route is left out`;
}

function deed(type: string, uri: string, subtype: unknown): string {
  if (subtype !== undefined) return `calls ${asText(subtype)} without a function, which is not emulated`;
  if (type === 'MOCK') return 'answers by itself (MOCK), which is not emulated';
  if (type.startsWith('HTTP')) return `is passed on to "${uri}", which is not emulated`;
  const lambda = LAMBDA.exec(uri)?.[1];
  if (lambda !== undefined) return `calls "${lambda}", which is not a function of this project`;
  const service = SERVICE.exec(uri)?.[1];
  if (service !== undefined) return `calls ${service} without a function, which is not emulated`;
  return `has the integration "${type}" with "${uri}", which is not a function of this project`;
}
