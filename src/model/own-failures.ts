/** What each service answers when the failure is its own: code and HTTP status. */

export type OwnFailure = readonly [code: string, status: number];

/** Source: the services' API references, "Common errors" and the operations' own. By signing name. */
const OWN_FAILURES: Readonly<Record<string, OwnFailure>> = {
  dynamodb: ['InternalServerError', 500],
  events: ['InternalException', 500],
  kinesis: ['InternalFailure', 500],
  lambda: ['ServiceException', 500],
  logs: ['ServiceUnavailableException', 503],
  pipes: ['InternalException', 500],
  s3: ['InternalError', 500],
  scheduler: ['InternalServerException', 500],
  secretsmanager: ['InternalServiceError', 500],
  sns: ['InternalError', 500],
  sqs: ['ServiceUnavailable', 503],
  ssm: ['InternalServerError', 500],
};

export function ownFailureOf(service: string): OwnFailure {
  return OWN_FAILURES[service] ?? ['InternalFailure', 500];
}
