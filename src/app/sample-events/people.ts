/** What people's doings send: mail (SES), GraphQL (AppSync, Amplify), bots (Lex), calls (Connect). */
import { arn, bodyMap, namedValues, oneOf, type Sample, type SampleSource } from './sample.ts';

export const peopleSources: readonly SampleSource[] = [
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
    name: 'amplify',
    describe: 'Amplify function resolver; --body is its arguments, --type and --name its type and field',
    type: 'AmplifyGraphQlResolverEvent',
    options: ['body', 'type', 'name', 'header'],
    make: makeAmplifyResolver,
  },
  {
    name: 'lex',
    describe: 'Lex V2; --body is what was said',
    type: 'LexV2Event',
    options: ['body', 'name', 'type'],
    make: makeBotEvent,
  },
  {
    name: 'lex-v1',
    describe: 'Lex V1; --body is what was said',
    type: 'LexEvent',
    options: ['body', 'name', 'type'],
    make: makeFirstBotEvent,
  },
  {
    name: 'connect',
    describe: 'Connect contact flow; --attribute are its parameters',
    type: 'ConnectContactFlowEvent',
    options: ['attribute'],
    make: makeContact,
  },
];

const HOOKS = ['FulfillmentCodeHook', 'DialogCodeHook'] as const;

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

function makeAmplifyResolver(sample: Sample) {
  const { given } = sample;
  return {
    typeName: given.type ?? 'Query',
    fieldName: given.name ?? 'getItem',
    arguments: bodyMap(sample),
    source: {},
    request: { headers: Object.fromEntries(namedValues(given.header, 'header')), domainName: null },
    prev: null,
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
  return {
    messageVersion: '1.0',
    invocationSource: oneOf(given.type ?? 'FulfillmentCodeHook', HOOKS, 'type'),
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

function makeFirstBotEvent({ ids, given }: Sample) {
  return {
    messageVersion: '1.0',
    invocationSource: oneOf(given.type ?? 'FulfillmentCodeHook', HOOKS, 'type'),
    userId: ids.uuid(),
    sessionAttributes: {},
    requestAttributes: null,
    bot: { name: 'bot', alias: '$LATEST', version: '$LATEST' },
    outputDialogMode: 'Text',
    currentIntent: {
      name: given.name ?? 'Intent',
      slots: {},
      slotDetails: {},
      confirmationStatus: 'None',
    },
    inputTranscript: given.body ?? 'hello',
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
