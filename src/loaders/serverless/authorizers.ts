/** The `authorizer` of `http` and `httpApi` events, in all the forms the framework takes. */
import type { RouteAuthorizer } from '../../model/authorizers.ts';
import {
  foreign,
  httpFunctionAuthorizer,
  jwtAuthorizer,
  restFunctionAuthorizer,
  userPoolAuthorizer,
  withScopes,
} from '../authorizers.ts';
import { isMap, listOf, numberOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields, nearest } from '../fields.ts';
import { isUnresolved } from '../unresolved.ts';
import type { EventContext } from './event-context.ts';

/** Of which it was told that it has no value. */
const UNRESOLVED: RouteAuthorizer = {
  kind: 'foreign',
  name: 'authorizer',
  what: 'what a variable stands for',
};

/** `name | arn | aws_iam | { name, arn, type, authorizerId, … }`; undefined where the section has none. */
export function restAuthorizerOf(section: Fields, context: EventContext): RouteAuthorizer | undefined {
  const written = section.values.authorizer;
  if (written === undefined || written === null) return undefined;
  if (isUnresolved(written)) return UNRESOLVED;
  const fields = fieldsOf(written, section, context, 'arn');
  const type = textOf(fields.values.type)?.toUpperCase();
  const arn = textOf(fields.values.arn);
  const given = textOf(fields.values.name);
  if (type === 'AWS_IAM' || isIam(arn) || isIam(given)) return { kind: 'iam' };
  const scopes = listOf(fields.values.scopes).flatMap((scope) => textOf(scope) ?? []);
  if (fields.has('authorizerId')) return withScopes(byId(fields, context.access.restById, context), scopes);

  const named = arn === undefined ? given : (given ?? arn.split(/[:/]/).at(-1));
  const name = named ?? 'authorizer';
  const here = context.access.context(section, 'authorizer');
  if (type === 'COGNITO_USER_POOLS' || arn?.includes(':cognito-idp:'))
    return withScopes(
      userPoolAuthorizer(
        {
          name,
          poolArns: arn === undefined ? [] : [arn],
          identitySource: fields.values.identitySource,
          validation: textOf(fields.values.identityValidationExpression),
        },
        here,
      ),
      scopes,
    );
  if (arn === undefined && !isKnown(given, section, context)) return foreign(name, '', quiet(here));
  const cacheSeconds = numberOf(fields.values.resultTtlInSeconds);
  const isRequest = type === 'REQUEST';
  // Whoever keeps nothing needs no identity; all others go by the usual header.
  const usual = isRequest && cacheSeconds === 0 ? undefined : 'method.request.header.Authorization';
  return restFunctionAuthorizer(
    {
      ...{ name, cacheSeconds },
      type: isRequest ? 'request' : 'token',
      uri: arn ?? given ?? '',
      identitySource: fields.values.identitySource ?? usual,
      validation: textOf(fields.values.identityValidationExpression),
    },
    here,
  );
}

/** A name of `provider.httpApi.authorizers`, `aws_iam`, or `{ name | id | type, scopes }`. */
export function httpAuthorizerOf(section: Fields, context: EventContext): RouteAuthorizer | undefined {
  const written = section.values.authorizer;
  if (written === undefined || written === null) return undefined;
  if (isUnresolved(written)) return UNRESOLVED;
  const fields = fieldsOf(written, section, context, 'name');
  const name = textOf(fields.values.name);
  if (isIam(textOf(fields.values.type)) || isIam(name)) return { kind: 'iam' };
  const scopes = listOf(fields.values.scopes).flatMap((scope) => textOf(scope) ?? []);
  if (fields.has('id')) return withScopes(byId(fields, context.access.httpById, context), scopes);
  const declared = context.settings.httpApi.authorizers;
  const values = name === undefined ? undefined : declared?.values[name];
  if (name !== undefined && isMap(values) && declared)
    return withScopes(
      declaredAuthorizer(name, makeFields(values, [...declared.path, name], declared.context), context),
      scopes,
    );
  section.error({
    code: 'unknown-authorizer',
    message: `there is no authorizer "${name ?? ''}" below provider.httpApi.authorizers: requests are let through`,
    hint: nearest(name ?? '', Object.keys(declared?.values ?? {})),
    key: 'authorizer',
  });
  return { kind: 'foreign', name: name ?? 'authorizer', what: `the authorizer ${name ?? ''}` };
}

const authorizerKeys = new Set([
  ...['type', 'name', 'identitySource', 'issuerUrl', 'audience', 'functionName', 'functionArn', 'id'],
  ...['resultTtlInSeconds', 'enableSimpleResponses', 'payloadVersion', 'managedExternally'],
]);

/** An entry of `provider.httpApi.authorizers`. */
function declaredAuthorizer(name: string, section: Fields, context: EventContext): RouteAuthorizer {
  section.unknownKeys(authorizerKeys);
  const fields = makeFields(resolved(section, context), section.path, section.context);
  const here = context.access.context(section);
  const identitySource = fields.values.identitySource;
  if ((fields.choice('type', ['jwt', 'request']) ?? 'jwt') === 'jwt')
    return jwtAuthorizer(
      {
        ...{ name, identitySource },
        issuer: fields.text('issuerUrl') ?? '',
        audience: fields.texts('audience') ?? [],
      },
      here,
    );
  const key = fields.text('functionName');
  if (key !== undefined && !isKnown(key, section, context, 'functionName'))
    return foreign(name, '', quiet(here));
  return httpFunctionAuthorizer(
    {
      ...{ name, identitySource },
      uri: key ?? fields.text('functionArn') ?? '',
      cacheSeconds: fields.number('resultTtlInSeconds', { min: 0, max: 3600 }),
      // YAML reads `1.0` as the number 1.
      payloadFormat: textOf(fields.values.payloadVersion)?.startsWith('1') ? '1.0' : '2.0',
      simpleResponses: fields.flag('enableSimpleResponses') ?? false,
    },
    here,
  );
}

/** The short form becomes the long one, and functions of CloudFormation their values. */
function fieldsOf(written: unknown, section: Fields, context: EventContext, arnKey: string): Fields {
  const path = [...section.path, 'authorizer'];
  const isWhole =
    isMap(written) && Object.keys(written).some((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (isMap(written) && !isWhole)
    return makeFields(resolved(makeFields(written, path, section.context), context), path, section.context);
  const text = textOf(context.resolve(written, path)) ?? '';
  return makeFields(text.includes(':') ? { [arnKey]: text } : { name: text }, path, section.context);
}

function resolved({ values, path }: Fields, context: EventContext): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, context.resolve(value, [...path, key])]),
  );
}

function byId(
  fields: Fields,
  find: (id: string) => RouteAuthorizer | undefined,
  context: EventContext,
): RouteAuthorizer {
  const id = textOf(fields.values.authorizerId ?? fields.values.id) ?? '';
  return find(id) ?? foreign(id, `the authorizer ${id}`, context.access.context(fields));
}

/** A key of `functions`; reports one that is none. */
function isKnown(
  key: string | undefined,
  section: Fields,
  { access }: EventContext,
  at = 'authorizer',
): boolean {
  if (key !== undefined && access.hasFunction(key)) return true;
  section.error({
    code: 'unknown-function',
    message: `there is no function "${key ?? ''}" that could be the authorizer: requests are let through`,
    hint: 'name a function of this file, or the ARN of one',
    key: at,
  });
  return false;
}

/** What was reported is not reported again. */
function quiet<T extends { warn(...words: never[]): void }>(here: T): T {
  return { ...here, warn: () => {} };
}

function isIam(text: string | undefined): boolean {
  return text?.toUpperCase() === 'AWS_IAM';
}
