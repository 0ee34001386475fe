/** AddPermission, RemovePermission, GetPolicy: kept and told, not asked: nobody is refused here. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { type PolicyRecord, withEntry, withoutEntry } from '../deployed/extras.ts';
import { conflict, notFound, staleRevision, validation } from '../errors.ts';
import { readInput, requiredText, text } from '../input.ts';
import { namedQualified, type Qualified } from '../qualified.ts';
import { functionRoute, reply, type Service } from '../service.ts';

const POLICY = '/2015-03-31/functions/{FunctionName}/policy';

export function makePermissionRoutes(service: Service): readonly RestRoute[] {
  const { context, extras } = service;
  const policyOf = ({ fn, qualifier }: Qualified): PolicyRecord | undefined =>
    extras.of(fn.name).policies?.[qualifier];
  const put = ({ fn, qualifier }: Qualified, statements: readonly JsonObject[]) => {
    const { policies } = extras.of(fn.name);
    const policy = { revisionId: context.ids.uuid(), statements };
    extras.change(fn.name, {
      policies:
        statements.length === 0 ? withoutEntry(policies, qualifier) : withEntry(policies, qualifier, policy),
    });
  };

  return [
    functionRoute('AddPermission', 'POST', POLICY, (request) => {
      const named = namedQualified(service, request);
      const policy = policyOf(named);
      const input = readInput(request.body);
      const statement = readStatement(input, named.arn);
      requireRevision(text(input, 'RevisionId'), policy);
      const statements = policy?.statements ?? [];
      if (statements.some(({ Sid }) => Sid === statement.Sid))
        throw conflict(
          `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      put(named, [...statements, statement]);
      return reply(201, { Statement: JSON.stringify(statement) });
    }),
    functionRoute('GetPolicy', 'GET', POLICY, (request) => {
      const policy = policyOf(namedQualified(service, request));
      if (!policy) throw notFound('The resource you requested does not exist.');
      const { statements, revisionId } = policy;
      const document = { Version: '2012-10-17', Id: 'default', Statement: statements };
      return reply(200, { Policy: JSON.stringify(document), RevisionId: revisionId });
    }),
    functionRoute('RemovePermission', 'DELETE', `${POLICY}/{StatementId}`, (request) => {
      const named = namedQualified(service, request);
      const policy = policyOf(named);
      if (!policy) throw notFound('No policy is associated with the given resource.');
      requireRevision(request.query.get('RevisionId') ?? undefined, policy);
      const left = policy.statements.filter(({ Sid }) => Sid !== statementId(request));
      if (left.length === policy.statements.length)
        throw notFound(`Statement ${statementId(request)} is not found in resource policy.`);
      put(named, left);
      return { status: 204 };
    }),
  ];
}

function statementId({ pathParameters }: RestRequest): string {
  return pathParameters.StatementId ?? '';
}

/** Throws where the caller has seen another policy than there is. */
export function requireRevision(
  given: string | undefined,
  policy: PolicyRecord | undefined,
  readBy = 'GetPolicy',
): void {
  if (given !== undefined && given !== policy?.revisionId) throw staleRevision(readBy);
}

function readStatement(input: JsonObject, arn: string): JsonObject & { Sid: string } {
  const Sid = requiredText(input, 'StatementId');
  if (!/^[\w-]{1,100}$/.test(Sid))
    throw validation(Sid, 'statementId', 'regular expression pattern: ([a-zA-Z0-9-_]+)');
  const Action = requiredText(input, 'Action');
  if (!/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/.test(Action))
    throw validation(Action, 'action', 'regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])');
  const Condition = readCondition(input);
  return {
    Sid,
    Effect: 'Allow',
    Principal: principalOf(requiredText(input, 'Principal')),
    Action,
    Resource: arn,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

/** An account, a service, an ARN or everybody, as a policy has it. */
export function principalOf(principal: string): string | JsonObject {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function readCondition(input: JsonObject): JsonObject {
  const equals = {
    ...named('AWS:SourceAccount', text(input, 'SourceAccount')),
    ...named('lambda:EventSourceToken', text(input, 'EventSourceToken')),
    ...named('aws:PrincipalOrgID', text(input, 'PrincipalOrgID')),
    ...named('lambda:FunctionUrlAuthType', text(input, 'FunctionUrlAuthType')),
  };
  const sourceArn = text(input, 'SourceArn');
  return {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(input.InvokedViaFunctionUrl === true && { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }),
  };
}

function named(name: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
