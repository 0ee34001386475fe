/** Who may call an operation, as an OpenAPI definition says it: security schemes with API Gateway's extensions. */
import type { RouteAuthorizer } from '../../model/authorizers.ts';
import { withScopes } from '../authorizers.ts';
import type { Path } from '../yaml.ts';
import { httpAuthorizer, restAuthorizer, takesKeyHeader } from './api-authorizers.ts';
import { type Definition, extensionOf, type Operation } from './definitions.ts';
import { isRest } from './http.ts';
import { asText } from './plain-functions.ts';
import type { SamAuth } from './sam-auth.ts';
import { entryOf, flagOf, isMap, listOf, mapOf, numberOf, textOf, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

export interface Security {
  /** Absent = everybody may call it. */
  readonly authorizer?: RouteAuthorizer;
  readonly needsKey: boolean;
}

/** What operations of a definition ask of their callers. `auth`: what SAM's API says beside it. */
export function makeSecurity(
  definition: Definition,
  auth: SamAuth,
  context: TriggerContext,
): (operation: Operation) => Security {
  const { intrinsics } = context;
  const { resource, body, path } = definition;
  const v2 = [...path, 'securityDefinitions'];
  const v3 = [...path, 'components', 'securitySchemes'];
  const schemes: Values = {
    ...mapOf(intrinsics.resolve(body.securityDefinitions, v2)),
    ...mapOf(intrinsics.resolve(mapOf(body.components).securitySchemes, v3)),
  };
  const ofAll = listOf(intrinsics.resolve(body.security, [...path, 'security']));
  const made = new Map<string, RouteAuthorizer | undefined>();
  const keySource = extensionOf(definition, 'api-key-source', intrinsics);
  const takesKeys = auth.takesKeys && takesKeyHeader(keySource, resource, context);

  return ({ method, values, at }) => {
    const usual = auth.usualFor(method);
    // SAM writes its default authorizer into each operation that names none, which then counts instead of what all have.
    const inherited = usual.authorizer ? [] : ofAll;
    const wanted = values.security === undefined ? inherited : listOf(values.security);
    const requirements = Object.assign({}, ...wanted.map(mapOf)) as Values;
    let authorizer: RouteAuthorizer | undefined;
    let needsKey = usual.apiKeys !== undefined;
    for (const [name, scopes] of Object.entries(requirements)) {
      const scheme = entryOf(schemes, name);
      if (isApiKey(scheme)) needsKey = true;
      else if (!isNobody(name, scheme)) {
        const declared = scheme === undefined ? auth.named(name) : undefined;
        const found = declared ?? authorizerOf(name, scheme, at);
        if (found) authorizer ??= withScopes(found, listOf(scopes).map(asText));
      }
    }
    if (asText(mapOf(values['x-amazon-apigateway-auth']).type).toUpperCase() === 'AWS_IAM')
      authorizer = { kind: 'iam' };
    const isOpen = Object.keys(requirements).some((name) => isNobody(name, entryOf(schemes, name)));
    const guard = authorizer ?? (isOpen ? undefined : usual.authorizer);
    return { needsKey: needsKey && takesKeys, ...(guard && { authorizer: guard }) };
  };

  function authorizerOf(name: string, scheme: unknown, at: Path): RouteAuthorizer | undefined {
    if (!made.has(name)) made.set(name, make(name, scheme, at));
    return made.get(name);
  }

  function make(name: string, scheme: unknown, at: Path): RouteAuthorizer | undefined {
    if (asText(mapOf(scheme)['x-amazon-apigateway-authtype']).toLowerCase() === 'awssigv4')
      return { kind: 'iam' };
    const written = mapOf(scheme)['x-amazon-apigateway-authorizer'];
    if (isMap(written))
      return isRest(resource) ? ofRest(name, mapOf(scheme), written, at) : ofHttp(name, written, at);
    warn(
      context,
      'not-emulated',
      at,
      `the security scheme "${name}" has no x-amazon-apigateway-authorizer: requests are let through`,
    );
    return undefined;
  }

  function ofRest(name: string, scheme: Values, written: Values, at: Path): RouteAuthorizer {
    return restAuthorizer(
      {
        name,
        type: asText(written.type),
        uri: asText(written.authorizerUri),
        // The header of the scheme is where a token is; those who are handed the request name what it has to bring.
        identitySource:
          written.identitySource ?? (asText(written.type) === 'request' ? undefined : headerOf(scheme)),
        validation: textOf(written.identityValidationExpression),
        cacheSeconds: numberOf(written.authorizerResultTtlInSeconds),
        poolArns: listOf(written.providerARNs).map(asText),
      },
      at,
      context,
    );
  }

  function ofHttp(name: string, written: Values, at: Path): RouteAuthorizer {
    const jwt = mapOf(written.jwtConfiguration);
    return httpAuthorizer(
      {
        name,
        uri: asText(written.authorizerUri),
        identitySource: written.identitySource,
        payloadFormat: written.authorizerPayloadFormatVersion,
        simpleResponses: flagOf(written.enableSimpleResponses) ?? false,
        cacheSeconds: numberOf(written.authorizerResultTtlInSeconds),
        ...(asText(written.type).toLowerCase() === 'jwt'
          ? { jwt: { issuer: asText(jwt.issuer), audience: listOf(jwt.audience).map(asText) } }
          : {}),
      },
      at,
      context,
    );
  }
}

/** The header a scheme of type `apiKey` is about: of a TOKEN authorizer it is the token's. */
function headerOf(scheme: Values): string | undefined {
  return scheme.in === 'header' ? `method.request.header.${asText(scheme.name)}` : undefined;
}

/** SAM's mark of an operation that everybody may call. */
function isNobody(name: string, scheme: unknown): boolean {
  return name === 'NONE' && scheme === undefined;
}

function isApiKey(scheme: unknown): boolean {
  const { type, name } = mapOf(scheme);
  const isAuthorizer = mapOf(scheme)['x-amazon-apigateway-authorizer'] !== undefined;
  return type === 'apiKey' && asText(name).toLowerCase() === 'x-api-key' && !isAuthorizer;
}
