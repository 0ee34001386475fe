/** Secrets: values and their versions, labels, deletion by the product's clock, what the service refuses. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretsmanager } from '../../../emulators/secretsmanager/index.ts';
import type { JsonObject, RunningEmulator } from '../../../src/model/emulator.ts';
import type { SecretResource } from '../../../src/model/resources.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

let world: World;
let emulator: RunningEmulator;
let api: JsonApi;
beforeEach(async () => {
  world = makeWorld();
  emulator = await secretsmanager.start(world.context);
  if (emulator.api?.protocol !== 'json') throw new Error('Secrets Manager has a JSON API');
  api = emulator.api;
});
afterEach(() => world.store.close());

const call = (operation: string, input: JsonObject = {}) => callOperation(api, operation, input);
const create = (Name: string, SecretString: string, more: JsonObject = {}) =>
  call('CreateSecret', { Name, SecretString, ...more });
const put = (SecretId: string, SecretString: string, more: JsonObject = {}) =>
  call('PutSecretValue', { SecretId, SecretString, ...more });
const get = (SecretId: string, more: JsonObject = {}) => call('GetSecretValue', { SecretId, ...more });
const DAY = 86_400_000;

test('a secret is made, and found by name, ARN and ARN without its last letters', async () => {
  const made = await create('shop/db', 'hush', { Description: 'D', Tags: [{ Key: 'a', Value: 'b' }] });
  const arn = String(made.ARN);
  expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop\/db-[A-Za-z0-9]{6}$/);
  expect(await get('shop/db')).toEqual({
    ARN: arn,
    Name: 'shop/db',
    VersionId: made.VersionId,
    SecretString: 'hush',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: world.clock.now() / 1000,
  });
  expect((await get(arn)).SecretString).toBe('hush');
  expect((await get(arn.slice(0, -7))).SecretString).toBe('hush');
  await expect(create('shop/db', 'x')).rejects.toMatchObject({ code: 'ResourceExistsException' });
  expect(await call('DescribeSecret', { SecretId: 'shop/db' })).toMatchObject({
    Description: 'D',
    Tags: [{ Key: 'a', Value: 'b' }],
    LastAccessedDate: Math.floor(world.clock.now() / DAY) * 86_400,
    VersionIdsToStages: { [String(made.VersionId)]: ['AWSCURRENT'] },
  });
});

test('a new value is the current one, and what was current the previous one', async () => {
  await create('s', '1');
  await put('s', '2');
  const { VersionId: third } = await call('UpdateSecret', {
    SecretId: 's',
    SecretString: '3',
    Description: 'new',
  });
  expect(await get('s')).toMatchObject({ SecretString: '3', VersionId: third });
  expect(await get('s', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: '2' });
  const listed = await call('ListSecretVersionIds', { SecretId: 's' });
  expect(listed.Versions).toHaveLength(2);
  const all = await call('ListSecretVersionIds', { SecretId: 's', IncludeDeprecated: true });
  expect(all.Versions).toHaveLength(3);
  await expect(get('s', { VersionStage: 'NONE' })).rejects.toThrow('staging label: NONE');
});

test('labels of one’s own are put and moved', async () => {
  const { VersionId: first } = await create('s', '1');
  const { VersionId: second } = await put('s', '2', { VersionStages: ['PENDING'] });
  expect(await get('s')).toMatchObject({ SecretString: '1' });
  const move = { SecretId: 's', VersionStage: 'AWSCURRENT', MoveToVersionId: second ?? '' };
  await expect(call('UpdateSecretVersionStage', move)).rejects.toThrow('RemoveFromVersionId');
  await call('UpdateSecretVersionStage', { ...move, RemoveFromVersionId: first ?? '' });
  expect((await call('DescribeSecret', { SecretId: 's' })).VersionIdsToStages).toEqual({
    [String(first)]: ['AWSPREVIOUS'],
    [String(second)]: ['PENDING', 'AWSCURRENT'],
  });
  await call('UpdateSecretVersionStage', {
    SecretId: 's',
    VersionStage: 'PENDING',
    RemoveFromVersionId: second ?? '',
  });
  await expect(get('s', { VersionStage: 'PENDING' })).rejects.toThrow('staging label: PENDING');
});

test('a request token may be repeated with the same value alone', async () => {
  const ClientRequestToken = 'a'.repeat(32);
  const made = await create('s', '1', { ClientRequestToken });
  expect(made.VersionId).toBe(ClientRequestToken);
  expect(await create('s', '1', { ClientRequestToken })).toEqual(made);
  expect(await put('s', '1', { ClientRequestToken })).toMatchObject({ VersionId: ClientRequestToken });
  await expect(put('s', '2', { ClientRequestToken })).rejects.toMatchObject({
    code: 'ResourceExistsException',
  });
  await expect(put('s', '2', { ClientRequestToken: 'short' })).rejects.toThrow('32-64 characters');
});

test('bytes are kept as they are; both forms at once are refused', async () => {
  await call('CreateSecret', { Name: 's', SecretBinary: 'AQID' });
  const found = await get('s');
  expect(found.SecretBinary).toBe('AQID');
  expect(found).not.toHaveProperty('SecretString');
  await expect(put('s', 'x', { SecretBinary: 'AQID' })).rejects.toThrow("can't specify both");
});

test('a deleted secret can be restored until its window is over', async () => {
  await create('s', '1');
  const days = { SecretId: 's', RecoveryWindowInDays: 7 };
  const { DeletionDate: at } = await call('DeleteSecret', days);
  expect(at).toBe((world.clock.now() + 7 * DAY) / 1000);
  await expect(get('s')).rejects.toMatchObject({ code: 'InvalidRequestException' });
  await expect(create('s', '2')).rejects.toThrow('already scheduled for deletion');
  expect((await call('ListSecrets')).SecretList).toEqual([]);
  expect((await call('ListSecrets', { IncludePlannedDeletion: true })).SecretList).toHaveLength(1);
  await world.clock.advance(7 * DAY - 1);
  await call('RestoreSecret', { SecretId: 's' });
  expect(await get('s')).toMatchObject({ SecretString: '1' });
  await call('DeleteSecret', days);
  await world.clock.advance(7 * DAY);
  await expect(call('RestoreSecret', { SecretId: 's' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
  expect(await create('s', 'again')).toMatchObject({ Name: 's' });
});

test('a secret is deleted at once where that is asked for', async () => {
  await create('s', '1');
  const forced = { SecretId: 's', ForceDeleteWithoutRecovery: true };
  await call('DeleteSecret', forced);
  await expect(get('s')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  expect(await call('DeleteSecret', forced)).toMatchObject({ Name: 's' });
  await expect(call('DeleteSecret', { ...forced, RecoveryWindowInDays: 7 })).rejects.toThrow(
    'in conjunction',
  );
  await expect(call('DeleteSecret', { SecretId: 's', RecoveryWindowInDays: 6 })).rejects.toThrow(
    'between 7 and 30',
  );
});

test.each<[JsonObject, string[]]>([
  [{ Key: 'name', Values: ['shop/'] }, ['shop/a', 'shop/b']],
  [{ Key: 'name', Values: ['!shop/'] }, ['other']],
  [{ Key: 'description', Values: ['DATA'] }, ['shop/a']],
  [{ Key: 'tag-key', Values: ['team'] }, ['shop/b']],
  [{ Key: 'tag-value', Values: ['red'] }, ['shop/b']],
  [{ Key: 'all', Values: ['base'] }, ['shop/a']],
])('the filter %o finds %o', async (filter, names) => {
  await create('shop/a', '1', { Description: 'data base' });
  await create('shop/b', '2', { Tags: [{ Key: 'team', Value: 'red' }] });
  await create('other', '3');
  const { SecretList: found } = await call('ListSecrets', { Filters: [filter] });
  expect((found as JsonObject[]).map(({ Name }) => Name)).toEqual(names);
  const { SecretValues: values } = await call('BatchGetSecretValue', { Filters: [filter] });
  expect((values as JsonObject[]).map(({ Name }) => Name)).toEqual(names);
});

test('a batch lists what cannot be read', async () => {
  await create('a', '1');
  expect(await call('BatchGetSecretValue', { SecretIdList: ['a', 'none'] })).toMatchObject({
    SecretValues: [{ Name: 'a', SecretString: '1' }],
    Errors: [{ SecretId: 'none', ErrorCode: 'ResourceNotFoundException' }],
  });
});

test('random passwords follow the rules', async () => {
  const password = async (input: JsonObject = {}) =>
    String((await call('GetRandomPassword', input)).RandomPassword);
  expect(await password()).toHaveLength(32);
  expect(await password()).not.toBe(await password());
  for (let round = 0; round < 20; round++) {
    const short = await password({ PasswordLength: 4 });
    for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^\w]|_/]) expect(short).toMatch(kind);
  }
  const digits = {
    ExcludeLowercase: true,
    ExcludeUppercase: true,
    ExcludePunctuation: true,
    ExcludeCharacters: '0123',
  };
  expect(await password({ ...digits, PasswordLength: 100 })).toMatch(/^[4-9]{100}$/);
  await expect(password({ ...digits, ExcludeNumbers: true })).rejects.toThrow('no character is allowed');
  await expect(password({ PasswordLength: 3 })).rejects.toThrow('shorter than');
});

test('rotation is refused, and says why', async () => {
  await create('s', '1');
  await expect(call('RotateSecret', { SecretId: 's' })).rejects.toMatchObject({
    code: 'InvalidRequestException',
    message: expect.stringContaining('Rotation is not emulated'),
  });
});

test('tags and policies are kept', async () => {
  await create('s', '1', { Tags: [{ Key: 'a', Value: '1' }] });
  await call('TagResource', { SecretId: 's', Tags: [{ Key: 'b', Value: '2' }] });
  await call('UntagResource', { SecretId: 's', TagKeys: ['a'] });
  expect((await call('DescribeSecret', { SecretId: 's' })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  await call('PutResourcePolicy', { SecretId: 's', ResourcePolicy: '{}' });
  expect(await call('GetResourcePolicy', { SecretId: 's' })).toMatchObject({ ResourcePolicy: '{}' });
  await call('DeleteResourcePolicy', { SecretId: 's' });
  expect(await call('GetResourcePolicy', { SecretId: 's' })).not.toHaveProperty('ResourcePolicy');
});

test.each<[string, JsonObject, string, string]>([
  ['CreateSecret', { Name: 'a b' }, 'InvalidParameterException', 'Invalid name'],
  ['CreateSecret', { Name: 's', SecretString: 'x'.repeat(65_537) }, 'InvalidParameterException', '65536'],
  ['GetSecretValue', { SecretId: 'none' }, 'ResourceNotFoundException', "can't find the specified secret"],
  ['GetSecretValue', {}, 'InvalidParameterException', 'SecretId'],
  ['BatchGetSecretValue', {}, 'InvalidParameterException', 'either SecretIdList or Filters'],
])('%s with %o is refused', async (operation, input, code, message) => {
  await expect(call(operation, input)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

const resource = (change: Partial<SecretResource>): SecretResource => ({
  ...{ kind: 'secret', name: 's', arn: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:s-abcdef' },
  ...change,
});

test('the project file makes secrets; generated values are made once, and what was put since stays', async () => {
  const template = JSON.stringify({ user: 'admin' });
  const generated = resource({
    generate: { template, key: 'password', length: 20, excludePunctuation: true },
  });
  await emulator.apply([generated], []);
  const { SecretString: first, ARN: arn } = await get('s');
  expect(arn).toBe(generated.arn);
  expect(JSON.parse(String(first))).toEqual({
    user: 'admin',
    password: expect.stringMatching(/^[A-Za-z0-9]{20}$/),
  });
  await emulator.apply([generated], []);
  expect((await get('s')).SecretString).toBe(first);
  await put('s', 'by hand');
  await emulator.apply([generated], []);
  expect((await get('s')).SecretString).toBe('by hand');
  await emulator.apply([resource({ value: 'written' })], []);
  expect((await get('s')).SecretString).toBe('written');
  await emulator.apply([resource({ name: 'bad', generate: { template: '{', key: 'k' } })], []);
  expect(world.notices).toEqual([
    expect.stringContaining('the secret bad of the project file cannot be made'),
  ]);
});

test('a project file’s references are looked up', async () => {
  const { ARN: arn, VersionId: first } = await create('db', '{"user":"u","port":5432}');
  await put('db', '{"user":"v"}');
  const stored = (reference: string) => emulator.stored?.(`secretsmanager:${reference}`);
  expect(stored('db')).toBe('{"user":"v"}');
  expect(stored('db:SecretString:user')).toBe('v');
  expect(stored('db:SecretString:user::')).toBe('v');
  expect(stored(`${arn}:SecretString:user`)).toBe('v');
  expect(stored('db:SecretString:port:AWSPREVIOUS')).toBe('5432');
  expect(stored(`db:SecretString:user::${first}`)).toBe('u');
  expect(stored('db:SecretString')).toBe('{"user":"v"}');
  expect(stored('db:SecretString:none')).toBeUndefined();
  expect(stored('none')).toBeUndefined();
});
