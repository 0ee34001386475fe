/** REST API methods as targets: the request one gets, by its ARN. Source: user guide, "Amazon API Gateway targets for rules". */
import { isObject } from '../../../src/model/json.ts';
import { formatTraceHeader } from '../../../src/std/trace-header.ts';
import type { HttpRequest, RequestParts } from './request.ts';
import { pathWith, queryWith, targetHeaders, textIn, texts } from './target-parameters.ts';

/** `arn:aws:execute-api:us-east-1:000000000000:a1b2c3d4e5/prod/POST/pets/*`. */
const METHOD_ARN = /^arn:[\w-]+:execute-api:[^:]*:\d*:[^/]+\/([^/]+)\/([^/]+)(\/.*)?$/;

export function isMethodArn(arn: string): boolean {
  return /^arn:[\w-]+:execute-api:/.test(arn);
}

/**
 * `base`: URL of the front door, which has all APIs of the project. Undefined where the ARN names no stage and method. Any method
 * (`*`, as CDK writes it where none is said) is called with POST; the guide does not say with which.
 */
export function methodRequest(
  base: string,
  { target, event, body, origin }: Pick<RequestParts, 'target' | 'event' | 'body' | 'origin'>,
): HttpRequest | undefined {
  const [, stage, method, path = '/'] = METHOD_ARN.exec(String(target.Arn)) ?? [];
  if (stage === undefined || method === undefined) return undefined;
  const given = isObject(target.HttpParameters) ? target.HttpParameters : {};
  const values = texts(given.PathParameterValues).map((value) => textIn(value, event));
  const url = new URL(`${base}/${stage}${pathWith(path, values)}`);
  queryWith(url, given, event);
  return {
    method: method === '*' || method === 'ANY' ? 'POST' : method,
    url: url.href,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(origin && { 'x-amzn-trace-id': formatTraceHeader(origin) }),
      ...targetHeaders(given, event),
    },
    body,
  };
}
