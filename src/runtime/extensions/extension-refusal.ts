/** The 403 replies of the Extensions, Telemetry and Logs APIs, as the platform words them. */
import type { Refusal } from '../contracts/runtime-api/refusal.ts';

export const MAX_EXTENSIONS = 10;

const forbidden = (errorType: string, errorMessage: string): Refusal => ({
  status: 403,
  errorType,
  errorMessage,
});

export const missingIdentifier = forbidden(
  'Extension.MissingExtensionIdentifier',
  'Missing Lambda-Extension-Identifier header',
);

export const invalidIdentifier = forbidden(
  'Extension.InvalidExtensionIdentifier',
  'Invalid Lambda-Extension-Identifier',
);

export const unknownIdentifier = (id: string): Refusal =>
  forbidden('Extension.UnknownExtensionIdentifier', `Unknown extension ${id}`);

export const emptyName = forbidden('Extension.InvalidExtensionName', 'Empty extension name');

export const registrationClosed = forbidden(
  'Extension.RegistrationClosed',
  'Extension registration closed already',
);

export const nameTaken = forbidden(
  'Extension.InvalidExtensionState',
  'Extension with this name already registered',
);

export const tooManyExtensions = forbidden(
  'Extension.TooManyExtensions',
  `Extension limit (${MAX_EXTENSIONS}) reached`,
);

export const invalidEvent = (event: string, why: string): Refusal =>
  forbidden('Extension.InvalidEventType', `${event}: ${why}`);

export const missingErrorType = forbidden(
  'Extension.MissingHeader',
  'Lambda-Extension-Function-Error-Type not found',
);

export const invalidFormat = (why: string): Refusal => forbidden('InvalidRequestFormat', why);

export const wrongState = (from: string, to: string, name: string): Refusal =>
  forbidden(
    'Extension.InvalidExtensionState',
    `State transition from ${from} to ${to} failed for extension ${name}. Error: State transition is not allowed`,
  );

export const subscriptionClosed = (api: 'Telemetry' | 'Logs'): Refusal =>
  forbidden(`${api}.SubscriptionClosed`, `${api} API subscription is closed already`);

export const otherApiInUse = (api: 'Telemetry' | 'Logs'): Refusal =>
  forbidden(
    `${api}.NotAvailable`,
    `An extension of this instance uses the ${api === 'Logs' ? 'Telemetry' : 'Logs'} API; the two exclude each other`,
  );

export const invalidSubscription = (why: string): Refusal => ({
  status: 400,
  errorType: 'ValidationError',
  errorMessage: why,
});
