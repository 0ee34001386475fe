/** URLs made through the API as triggers of the session. */
import type { FunctionUrlTrigger, Project } from '../../../src/model/project.ts';
import type { Extras, UrlRecord } from './extras.ts';
import type { Records } from './records.ts';
import { qualifiedId } from './spec.ts';

/** Of every function that has one, its `$LATEST` and its aliases. */
export function urlTriggers({ functions }: Project, records: Records, extras: Extras): FunctionUrlTrigger[] {
  return functions
    .filter(({ version }) => version === undefined)
    .flatMap((fn) =>
      Object.entries(extras.of(fn.name).urls ?? {}).flatMap(([qualifier, url]) => {
        const functionId = qualifiedId(records, fn, qualifier);
        return functionId === undefined ? [] : triggerOf(functionId, addressOf(fn.id, qualifier), url);
      }),
    );
}

/** What a URL's address is made of. */
export function addressOf(functionId: string, qualifier: string): string {
  return qualifier === '$LATEST' ? functionId : `${functionId}--${qualifier}`;
}

function triggerOf(
  functionId: string,
  address: string,
  { streams, cors, authType }: UrlRecord,
): FunctionUrlTrigger {
  return {
    kind: 'function-url',
    functionId,
    ...(streams && { streams }),
    ...(cors && { cors }),
    ...(authType === 'AWS_IAM' && { authorizer: { kind: 'iam' } }),
    ...(address !== functionId && { address }),
  };
}
