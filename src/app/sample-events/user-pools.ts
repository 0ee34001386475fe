/** What Cognito's user pools ask and tell: sign-up, sign-in, tokens, messages. */
import { namedValues, oneOf, type Sample, type SampleSource } from './sample.ts';

interface Trigger {
  /** In `@types/aws-lambda`. */
  readonly type: string;
  readonly prefix: string;
  /** What may come behind the prefix; the first unless told. */
  readonly causes: readonly string[];
  readonly version?: '2' | '3';
  readonly request: object;
  readonly response: object;
  /** The user is not known, or not told of. */
  readonly withoutUser?: true;
}

const CODE_CAUSES = [
  'SignUp',
  'ResendCode',
  'ForgotPassword',
  'UpdateUserAttribute',
  'VerifyUserAttribute',
  'AdminCreateUser',
  'Authentication',
] as const;
const TOKEN_CAUSES = [
  'Authentication',
  'HostedAuth',
  'NewPasswordChallenge',
  'AuthenticateDevice',
  'RefreshTokens',
] as const;
const GROUPS = { groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [] } };

/** Lambda triggers of the Cognito developer guide, "Customizing user pool workflows". */
const TRIGGERS: Readonly<Record<string, Trigger>> = {
  'cognito-pre-sign-up': {
    type: 'PreSignUpTriggerEvent',
    prefix: 'PreSignUp',
    causes: ['SignUp', 'AdminCreateUser', 'ExternalProvider'],
    request: { validationData: {} },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  },
  'cognito-post-confirmation': {
    type: 'PostConfirmationTriggerEvent',
    prefix: 'PostConfirmation',
    causes: ['ConfirmSignUp', 'ConfirmForgotPassword'],
    request: {},
    response: {},
  },
  'cognito-pre-authentication': {
    type: 'PreAuthenticationTriggerEvent',
    prefix: 'PreAuthentication',
    causes: ['Authentication'],
    request: { validationData: {} },
    response: {},
  },
  'cognito-post-authentication': {
    type: 'PostAuthenticationTriggerEvent',
    prefix: 'PostAuthentication',
    causes: ['Authentication'],
    request: { newDeviceUsed: false },
    response: {},
  },
  'cognito-pre-token': {
    type: 'PreTokenGenerationTriggerEvent',
    prefix: 'TokenGeneration',
    causes: TOKEN_CAUSES,
    request: GROUPS,
    response: { claimsOverrideDetails: {} },
  },
  'cognito-pre-token-v2': {
    type: 'PreTokenGenerationV2TriggerEvent',
    prefix: 'TokenGeneration',
    causes: TOKEN_CAUSES,
    version: '2',
    request: { ...GROUPS, scopes: ['openid'] },
    response: { claimsAndScopeOverrideDetails: {} },
  },
  'cognito-pre-token-v3': {
    type: 'PreTokenGenerationV3TriggerEvent',
    prefix: 'TokenGeneration',
    causes: ['ClientCredentials'],
    version: '3',
    request: { ...GROUPS, scopes: ['api/read'] },
    response: { claimsAndScopeOverrideDetails: {} },
  },
  'cognito-custom-message': {
    type: 'CustomMessageTriggerEvent',
    prefix: 'CustomMessage',
    causes: CODE_CAUSES,
    request: { codeParameter: '{####}', linkParameter: '{##Click Here##}', usernameParameter: null },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  },
  'cognito-custom-email': {
    type: 'CustomEmailSenderTriggerEvent',
    prefix: 'CustomEmailSender',
    causes: CODE_CAUSES,
    request: { type: 'customEmailSenderRequestV1', code: 'ZW5jcnlwdGVk' },
    response: {},
  },
  'cognito-custom-sms': {
    type: 'CustomSMSSenderTriggerEvent',
    prefix: 'CustomSMSSender',
    causes: CODE_CAUSES,
    request: { type: 'customSMSSenderRequestV1', code: 'ZW5jcnlwdGVk' },
    response: {},
  },
  'cognito-define-challenge': {
    type: 'DefineAuthChallengeTriggerEvent',
    prefix: 'DefineAuthChallenge',
    causes: ['Authentication'],
    request: { session: [] },
    response: { failAuthentication: false, issueTokens: false },
  },
  'cognito-create-challenge': {
    type: 'CreateAuthChallengeTriggerEvent',
    prefix: 'CreateAuthChallenge',
    causes: ['Authentication'],
    request: { challengeName: 'CUSTOM_CHALLENGE', session: [] },
    response: { publicChallengeParameters: {}, privateChallengeParameters: {}, challengeMetadata: '' },
  },
  'cognito-verify-challenge': {
    type: 'VerifyAuthChallengeResponseTriggerEvent',
    prefix: 'VerifyAuthChallengeResponse',
    causes: ['Authentication'],
    request: { privateChallengeParameters: { answer: '1' }, challengeAnswer: '1' },
    response: { answerCorrect: false },
  },
  'cognito-user-migration': {
    type: 'UserMigrationTriggerEvent',
    prefix: 'UserMigration',
    causes: ['Authentication', 'ForgotPassword'],
    request: { password: 'secret', validationData: {} },
    response: { userAttributes: {}, desiredDeliveryMediums: [], forceAliasCreation: false },
    withoutUser: true,
  },
  'cognito-inbound-federation': {
    type: 'InboundFederationTriggerEvent',
    prefix: 'InboundFederation',
    causes: ['ExternalProvider'],
    request: {
      providerName: 'Google',
      providerType: 'Google',
      attributes: { idToken: { sub: '1', email: 'local-user@example.com' } },
    },
    response: { userAttributesToMap: {} },
    withoutUser: true,
  },
};

export const userPoolSources: readonly SampleSource[] = Object.entries(TRIGGERS).map(
  ([name, trigger]): SampleSource => ({
    name,
    describe: describeTrigger(trigger),
    type: trigger.type,
    options: ['user', 'attribute', ...(trigger.causes.length > 1 ? (['type'] as const) : [])],
    make: (sample) => makeTriggered(sample, trigger),
  }),
);

function describeTrigger({ prefix, causes }: Trigger): string {
  const [first, ...others] = causes;
  const rest = others.length === 0 ? '' : `; --type ${[first, ...others].join(', ')}`;
  return `Cognito user pool, ${prefix}_${first}${rest}`;
}

function makeTriggered({ ids, region, given }: Sample, trigger: Trigger) {
  const { prefix, causes, version = '1', request, response, withoutUser = false } = trigger;
  const userName = given.user ?? 'local-user';
  const userAttributes = {
    sub: ids.uuid(),
    email: `${userName}@example.com`,
    email_verified: 'true',
    ...Object.fromEntries(namedValues(given.attribute, 'attribute')),
  };
  return {
    version,
    region,
    userPoolId: `${region}_local`,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ids.hex(13) },
    triggerSource: `${prefix}_${oneOf(given.type ?? causes[0] ?? '', causes, 'type')}`,
    request: { ...(!withoutUser && { userAttributes }), ...request },
    response,
  };
}
