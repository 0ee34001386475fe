/** The error replies of the Runtime API: status, errorType and message as the platform words them. */

export interface Refusal {
  readonly status: number;
  readonly errorType: string;
  readonly errorMessage: string;
}

export const invalidRequestId: Refusal = {
  status: 400,
  errorType: 'InvalidRequestID',
  errorMessage: 'Invalid request ID',
};

export const invalidResponseMode: Refusal = {
  status: 400,
  errorType: 'InvalidFunctionResponseMode',
  errorMessage: "Lambda-Runtime-Function-Response-Mode must be 'streaming' or left out",
};

export const truncatedRequest: Refusal = {
  status: 400,
  errorType: 'TruncatedHTTPRequest',
  errorMessage: 'HTTP request detected as truncated',
};

export const invalidStateTransition = (from: string, call: string): Refusal => ({
  status: 403,
  errorType: 'InvalidStateTransition',
  errorMessage: `State transition is not allowed: ${call} in state ${from}`,
});

/** The answer belongs to an earlier delivery of the same request id. */
export const invokeTimeout: Refusal = {
  status: 410,
  errorType: 'InvokeTimeout',
  errorMessage: 'The invocation this answer belongs to has ended',
};

export const tooLarge = (limitBytes: number): Refusal => ({
  status: 413,
  errorType: 'RequestEntityTooLarge',
  errorMessage: `Exceeded maximum allowed payload size (${limitBytes} bytes).`,
});

export const notFound = (path: string): Refusal => ({
  status: 404,
  errorType: 'NotFound',
  errorMessage: `${path} is not part of the Runtime API`,
});
