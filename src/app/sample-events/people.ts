/** What people's doings send: sign-up and sign-in (Cognito), mail (SES), GraphQL (AppSync), bots (Lex), calls (Connect). */
import { arn, bodyMap, namedValues, oneOf, type Sample, type SampleSource } from './sample.ts';

/** Cognito's triggers: how they are told, and what they add to the attributes of the user. */
const COGNITO = {
  'cognito-pre-sign-up': {
    type: 'PreSignUpTriggerEvent',
    trigger: 'PreSignUp_SignUp',
    request: { validationData: {} },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  },
  'cognito-post-confirmation': {
    type: 'PostConfirmationTriggerEvent',
    trigger: 'PostConfirmation_ConfirmSignUp',
    request: {},
    response: {},
  },
  'cognito-pre-authentication': {
    type: 'PreAuthenticationTriggerEvent',
    trigger: 'PreAuthentication_Authentication',
    request: { validationData: {} },
    response: {},
  },
  'cognito-post-authentication': {
    type: 'PostAuthenticationTriggerEvent',
    trigger: 'PostAuthentication_Authentication',
    request: { newDeviceUsed: false },
    response: {},
  },
  'cognito-pre-token': {
    type: 'PreTokenGenerationTriggerEvent',
    trigger: 'TokenGeneration_Authentication',
    request: { groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [] } },
    response: { claimsOverrideDetails: {} },
  },
  'cognito-custom-message': {
    type: 'CustomMessageTriggerEvent',
    trigger: 'CustomMessage_SignUp',
    request: { codeParameter: '{####}', linkParameter: '{##Click Here##}', usernameParameter: null },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  },
  'cognito-define-challenge': {
    type: 'DefineAuthChallengeTriggerEvent',
    trigger: 'DefineAuthChallenge_Authentication',
    request: { session: [] },
    response: { failAuthentication: false, issueTokens: false },
  },
  'cognito-create-challenge': {
    type: 'CreateAuthChallengeTriggerEvent',
    trigger: 'CreateAuthChallenge_Authentication',
    request: { challengeName: 'CUSTOM_CHALLENGE', session: [] },
    response: { publicChallengeParameters: {}, privateChallengeParameters: {}, challengeMetadata: '' },
  },
  'cognito-verify-challenge': {
    type: 'VerifyAuthChallengeResponseTriggerEvent',
    trigger: 'VerifyAuthChallengeResponse_Authentication',
    request: { privateChallengeParameters: { answer: '1' }, challengeAnswer: '1' },
    response: { answerCorrect: false },
  },
  'cognito-user-migration': {
    type: 'UserMigrationTriggerEvent',
    trigger: 'UserMigration_Authentication',
    request: { password: 'secret', validationData: {} },
    response: { userAttributes: {}, desiredDeliveryMediums: [], forceAliasCreation: false },
  },
} as const;

type CognitoName = keyof typeof COGNITO;

export const peopleSources: readonly SampleSource[] = [
  ...(Object.keys(COGNITO) as CognitoName[]).map(
    (name): SampleSource => ({
      name,
      describe: `Cognito user pool, ${COGNITO[name].trigger}`,
      type: COGNITO[name].type,
      options: ['user', 'attribute'],
      make: (sample) => makeCognito(sample, name),
    }),
  ),
  {
    name: 'ses',
    describe: 'SES, a mail was received',
    type: 'SESEvent',
    options: ['from', 'to', 'subject'],
    make: makeMail,
  },
  {
    name: 'appsync',
    describe: 'AppSync resolver; --body is its arguments, --type and --name its type and field',
    type: 'AppSyncResolverEvent<Record<string, unknown>>',
    options: ['body', 'type', 'name', 'header'],
    make: makeResolver,
  },
  {
    name: 'appsync-authorizer',
    describe: 'AppSync authorizer',
    type: 'AppSyncAuthorizerEvent',
    options: ['token', 'name'],
    make: makeGraphqlAuthorizer,
  },
  {
    name: 'lex',
    describe: 'Lex V2; --body is what was said',
    type: 'LexV2Event',
    options: ['body', 'name', 'type'],
    make: makeBotEvent,
  },
  {
    name: 'connect',
    describe: 'Connect contact flow; --attribute are its parameters',
    type: 'ConnectContactFlowEvent',
    options: ['attribute'],
    make: makeContact,
  },
];

function makeCognito({ ids, region, given }: Sample, name: CognitoName) {
  const { trigger, request, response, type } = COGNITO[name];
  const userName = given.user ?? 'local-user';
  const userAttributes = {
    sub: ids.uuid(),
    email: `${userName}@example.com`,
    email_verified: 'true',
    ...Object.fromEntries(namedValues(given.attribute, 'attribute')),
  };
  return {
    version: '1',
    region,
    userPoolId: `${region}_local`,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ids.hex(13) },
    triggerSource: trigger,
    // A user who is to be migrated is not known yet.
    request: { ...(type !== 'UserMigrationTriggerEvent' && { userAttributes }), ...request },
    response,
  };
}

function makeMail(sample: Sample) {
  const { ids, at, given } = sample;
  const { from = 'sender@example.com', to = 'receiver@example.com', subject = 'Hello' } = given;
  const timestamp = new Date(at).toISOString();
  const date = new Date(at).toUTCString();
  const messageId = ids.hex(20);
  const pass = { status: 'PASS' };
  return {
    Records: [
      {
        eventSource: 'aws:ses',
        eventVersion: '1.0',
        ses: {
          mail: {
            timestamp,
            source: from,
            messageId,
            destination: [to],
            headersTruncated: false,
            headers: [
              { name: 'From', value: from },
              { name: 'To', value: to },
              { name: 'Subject', value: subject },
              { name: 'Date', value: date },
            ],
            commonHeaders: {
              returnPath: from,
              from: [from],
              date,
              to: [to],
              messageId: `<${messageId}@example.com>`,
              subject,
            },
          },
          receipt: {
            timestamp,
            processingTimeMillis: 500,
            recipients: [to],
            spamVerdict: pass,
            virusVerdict: pass,
            spfVerdict: pass,
            dkimVerdict: pass,
            dmarcVerdict: pass,
            action: {
              type: 'Lambda',
              functionArn: arn(sample, 'lambda', 'function:function'),
              invocationType: 'Event',
            },
          },
        },
      },
    ],
  };
}

function makeResolver(sample: Sample) {
  const { given } = sample;
  const fieldName = given.name ?? 'getItem';
  const args = bodyMap(sample);
  return {
    arguments: args,
    identity: null,
    source: null,
    request: { headers: Object.fromEntries(namedValues(given.header, 'header')), domainName: null },
    prev: null,
    info: {
      selectionSetList: ['id'],
      selectionSetGraphQL: '{\n  id\n}',
      fieldName,
      parentTypeName: given.type ?? 'Query',
      variables: args,
    },
    stash: {},
  };
}

function makeGraphqlAuthorizer({ ids, accountId, given }: Sample) {
  const operationName = given.name ?? 'GetItem';
  return {
    authorizationToken: given.token ?? 'local',
    requestContext: {
      apiId: ids.hex(13),
      accountId,
      requestId: ids.uuid(),
      queryString: `query ${operationName} { getItem { id } }`,
      operationName,
      variables: {},
    },
    requestHeaders: {},
  };
}

function makeBotEvent({ ids, given }: Sample) {
  const said = given.body ?? 'hello';
  const name = given.name ?? 'Intent';
  const intent = { name, slots: {}, state: 'ReadyForFulfillment', confirmationState: 'None' };
  const hooks = ['FulfillmentCodeHook', 'DialogCodeHook'] as const;
  return {
    messageVersion: '1.0',
    invocationSource: oneOf(given.type ?? 'FulfillmentCodeHook', hooks, 'type'),
    inputMode: 'Text',
    responseContentType: 'text/plain; charset=utf-8',
    sessionId: ids.uuid(),
    inputTranscript: said,
    bot: {
      id: ids.hex(5).toUpperCase(),
      name: 'bot',
      aliasId: 'TSTALIASID',
      aliasName: 'TestBotAlias',
      localeId: 'en_US',
      version: 'DRAFT',
    },
    interpretations: [{ intent, nluConfidence: 1 }],
    proposedNextState: { dialogAction: { type: 'Close' }, intent },
    sessionState: { sessionAttributes: {}, intent, originatingRequestId: ids.uuid() },
    transcriptions: [
      {
        transcription: said,
        transcriptionConfidence: 1,
        resolvedContext: { intent: name },
        resolvedSlots: {},
      },
    ],
  };
}

function makeContact(sample: Sample) {
  const contact = sample.ids.uuid();
  return {
    Details: {
      ContactData: {
        Attributes: {},
        Channel: 'VOICE',
        ContactId: contact,
        CustomerEndpoint: { Address: '+15550100', Type: 'TELEPHONE_NUMBER' },
        InitialContactId: contact,
        InitiationMethod: 'INBOUND',
        InstanceARN: arn(sample, 'connect', `instance/${sample.ids.uuid()}`),
        PreviousContactId: contact,
        Queue: null,
        SystemEndpoint: { Address: '+15550199', Type: 'TELEPHONE_NUMBER' },
        MediaStreams: { Customer: { Audio: null } },
      },
      Parameters: Object.fromEntries(namedValues(sample.given.attribute, 'attribute')),
    },
    Name: 'ContactFlowEvent',
  };
}
