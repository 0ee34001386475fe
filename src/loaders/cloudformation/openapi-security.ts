/** Who may call an operation, as an OpenAPI definition says it: security schemes with API Gateway's extensions. */
import type { RouteAuthorizer } from '../../model/authorizers.ts';
import { withScopes } from '../authorizers.ts';
import type { Path } from '../yaml.ts';
import { httpAuthorizer, restAuthorizer } from './api-authorizers.ts';
import { asText } from './plain-functions.ts';
import {
  entryOf,
  flagOf,
  isMap,
  listOf,
  mapOf,
  numberOf,
  type TemplateResource,
  textOf,
  type Values,
} from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

export interface Security {
  /** Of a resolved operation at that path. */
  of(operation: Values, at: Path): { readonly authorizer?: RouteAuthorizer; readonly needsKey: boolean };
}

/** `body` as written, `path` where it stands. */
export function makeSecurity(
  resource: TemplateResource,
  path: Path,
  body: Values,
  context: TriggerContext,
): Security {
  const { intrinsics } = context;
  const isRest = resource.type === 'AWS::Serverless::Api' || resource.type === 'AWS::ApiGateway::RestApi';
  const v2 = [...path, 'securityDefinitions'];
  const v3 = [...path, 'components', 'securitySchemes'];
  const schemes: Values = {
    ...mapOf(intrinsics.resolve(body.securityDefinitions, v2)),
    ...mapOf(intrinsics.resolve(mapOf(body.components).securitySchemes, v3)),
  };
  const usual = listOf(intrinsics.resolve(body.security, [...path, 'security']));
  const made = new Map<string, RouteAuthorizer | undefined>();

  return {
    of(operation, at) {
      const wanted = operation.security === undefined ? usual : listOf(operation.security);
      const requirements = Object.assign({}, ...wanted.map(mapOf)) as Values;
      let authorizer: RouteAuthorizer | undefined;
      let needsKey = false;
      for (const [name, scopes] of Object.entries(requirements)) {
        const scheme = entryOf(schemes, name);
        if (isApiKey(scheme)) needsKey = true;
        else {
          const found = authorizerOf(name, scheme, at);
          if (found) authorizer ??= withScopes(found, listOf(scopes).map(asText));
        }
      }
      const auth = mapOf(operation['x-amazon-apigateway-auth']);
      if (asText(auth.type).toUpperCase() === 'AWS_IAM') authorizer = { kind: 'iam' };
      return { needsKey, ...(authorizer && { authorizer }) };
    },
  };

  function authorizerOf(name: string, scheme: unknown, at: Path): RouteAuthorizer | undefined {
    if (!made.has(name)) made.set(name, make(name, scheme, at));
    return made.get(name);
  }

  function make(name: string, scheme: unknown, at: Path): RouteAuthorizer | undefined {
    if (asText(mapOf(scheme)['x-amazon-apigateway-authtype']).toLowerCase() === 'awssigv4')
      return { kind: 'iam' };
    const written = mapOf(scheme)['x-amazon-apigateway-authorizer'];
    if (isMap(written)) return isRest ? ofRest(name, mapOf(scheme), written, at) : ofHttp(name, written, at);
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
        identitySource: written.identitySource ?? headerOf(scheme),
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

function isApiKey(scheme: unknown): boolean {
  const { type, name } = mapOf(scheme);
  const isAuthorizer = mapOf(scheme)['x-amazon-apigateway-authorizer'] !== undefined;
  return type === 'apiKey' && asText(name).toLowerCase() === 'x-api-key' && !isAuthorizer;
}
