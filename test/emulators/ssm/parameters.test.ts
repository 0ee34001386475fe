/** Parameter Store: what is put is found, by name, version, label, path and filter; what the service refuses. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ssm } from '../../../emulators/ssm/index.ts';
import type { JsonObject, RunningEmulator } from '../../../src/model/emulator.ts';
import type { ParameterResource } from '../../../src/model/resources.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

let world: World;
let emulator: RunningEmulator;
let api: JsonApi;
beforeEach(async () => {
  world = makeWorld();
  emulator = await ssm.start(world.context);
  if (emulator.api?.protocol !== 'json') throw new Error('SSM has a JSON API');
  api = emulator.api;
});
afterEach(() => world.store.close());

const call = (operation: string, input: JsonObject = {}) => callOperation(api, operation, input);
const put = (Name: string, Value: string, more: JsonObject = {}) =>
  call('PutParameter', { Name, Value, Type: 'String', ...more });
const get = async (Name: string, more: JsonObject = {}) =>
  (await call('GetParameter', { Name, ...more })).Parameter as JsonObject;
const namesOf = ({ Parameters: found }: JsonObject) => (found as JsonObject[]).map(({ Name }) => Name);

test('a parameter is put, and put over', async () => {
  expect(await put('/shop/url', 'a', { Description: 'D' })).toEqual({ Version: 1, Tier: 'Standard' });
  await expect(put('/shop/url', 'b')).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
  await world.clock.advance(1500);
  expect(await put('/shop/url', 'b', { Overwrite: true })).toEqual({ Version: 2, Tier: 'Standard' });
  expect(await get('/shop/url')).toEqual({
    Name: '/shop/url',
    Type: 'String',
    Value: 'b',
    Version: 2,
    LastModifiedDate: world.clock.now() / 1000,
    ARN: 'arn:aws:ssm:eu-west-1:000000000000:parameter/shop/url',
    DataType: 'text',
  });
  const { Parameters: found } = await call('DescribeParameters');
  expect(found).toMatchObject([
    { Name: '/shop/url', Description: 'D', Version: 2, Tier: 'Standard', Policies: [] },
  ]);
});

test('it is found by ARN, version and label', async () => {
  await put('plain', '1');
  await put('plain', '2', { Overwrite: true });
  await call('LabelParameterVersion', { Name: 'plain', ParameterVersion: 1, Labels: ['old'] });
  expect((await get('arn:aws:ssm:eu-west-1:000000000000:parameter/plain')).Value).toBe('2');
  expect(await get('plain:1')).toMatchObject({ Value: '1', Version: 1, Selector: ':1' });
  expect(await get('plain:old')).toMatchObject({ Value: '1', Selector: ':old' });
  await expect(get('plain:3')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
  await expect(get('nothing')).rejects.toMatchObject({ code: 'ParameterNotFound' });
});

test('a SecureString hides its value unless it is decrypted', async () => {
  await put('secret', 'hush', { Type: 'SecureString' });
  expect((await get('secret')).Value).not.toContain('hush');
  expect((await get('secret', { WithDecryption: true })).Value).toBe('hush');
  const { Parameters: found } = await call('DescribeParameters');
  expect(found).toMatchObject([{ Type: 'SecureString', KeyId: 'alias/aws/ssm' }]);
});

test('several are got at once, and what is not there is listed', async () => {
  await put('a', '1');
  await put('b', '2');
  const found = await call('GetParameters', { Names: ['b', 'none', 'a:1', 'a:9'] });
  expect(namesOf(found)).toEqual(['b', 'a']);
  expect(found.InvalidParameters).toEqual(['none', 'a:9']);
  await expect(call('GetParameters', { Names: ['a', 'a'] })).rejects.toThrow('Duplicate parameter names');
  const eleven = Array.from({ length: 11 }, (_, at) => `n${at}`);
  await expect(call('GetParameters', { Names: eleven })).rejects.toThrow('less than or equal to 10');
});

test('a path has its parameters directly below it, or all of them, in pages', async () => {
  for (const name of ['/shop/a', '/shop/b', '/shop/dev/c', '/shopping', 'plain']) await put(name, 'x');
  const below = (Path: string, more: JsonObject = {}) => call('GetParametersByPath', { Path, ...more });
  expect(namesOf(await below('/shop'))).toEqual(['/shop/a', '/shop/b']);
  expect(namesOf(await below('/shop/', { Recursive: true }))).toEqual(['/shop/a', '/shop/b', '/shop/dev/c']);
  expect(namesOf(await below('/'))).toEqual(['/shopping', 'plain']);
  const first = await below('/shop', { Recursive: true, MaxResults: 2 });
  const rest = await below('/shop', { Recursive: true, MaxResults: 2, NextToken: first.NextToken ?? '' });
  expect([...namesOf(first), ...namesOf(rest)]).toEqual(['/shop/a', '/shop/b', '/shop/dev/c']);
  expect(rest).not.toHaveProperty('NextToken');
  await expect(below('shop')).rejects.toThrow('must begin with a forward slash');
});

test.each<[JsonObject, string[]]>([
  [{ Key: 'Name', Option: 'BeginsWith', Values: ['/shop'] }, ['/shop/a', '/shop/dev/b']],
  [{ Key: 'Name', Option: 'Contains', Values: ['dev'] }, ['/shop/dev/b']],
  [{ Key: 'Name', Values: ['plain'] }, ['plain']],
  [{ Key: 'Path', Option: 'Recursive', Values: ['/shop'] }, ['/shop/a', '/shop/dev/b']],
  [{ Key: 'Path', Values: ['/shop'] }, ['/shop/a']],
  [{ Key: 'Type', Values: ['SecureString'] }, ['/shop/dev/b']],
  [{ Key: 'Tier', Values: ['Advanced'] }, ['plain']],
  [{ Key: 'tag:team', Values: ['red'] }, ['/shop/a']],
  [{ Key: 'Label', Values: ['live'] }, ['plain']],
])('the filter %o finds %o', async (filter, names) => {
  await put('/shop/a', '1', { Tags: [{ Key: 'team', Value: 'red' }] });
  await put('/shop/dev/b', '2', { Type: 'SecureString' });
  await put('plain', '3', { Tier: 'Advanced' });
  await call('LabelParameterVersion', { Name: 'plain', Labels: ['live'] });
  expect(namesOf(await call('DescribeParameters', { ParameterFilters: [filter] }))).toEqual(names);
});

test('labels move from version to version, and those that cannot be are listed', async () => {
  await put('p', '1');
  await put('p', '2', { Overwrite: true });
  const label = (ParameterVersion: number, ...Labels: string[]) =>
    call('LabelParameterVersion', { Name: 'p', ParameterVersion, Labels });
  expect(await label(1, 'live', '1st', 'aws-x')).toEqual({
    InvalidLabels: ['1st', 'aws-x'],
    ParameterVersion: 1,
  });
  await label(2, 'live');
  const { Parameters: history } = await call('GetParameterHistory', { Name: 'p' });
  expect(history).toMatchObject([
    { Version: 1, Value: '1', Labels: [] },
    { Version: 2, Value: '2', Labels: ['live'] },
  ]);
  const unlabel = { Name: 'p', ParameterVersion: 2, Labels: ['live', 'none'] };
  expect(await call('UnlabelParameterVersion', unlabel)).toEqual({
    RemovedLabels: ['live'],
    InvalidLabels: ['none'],
  });
});

test('of a hundred versions the oldest goes, unless it has a label', async () => {
  await put('p', '1');
  for (let at = 2; at <= 101; at++) await put('p', String(at), { Overwrite: true });
  const versions = await call('GetParameterHistory', { Name: 'p' });
  expect((versions.Parameters as JsonObject[])[0]).toMatchObject({ Version: 2 });
  await call('LabelParameterVersion', { Name: 'p', ParameterVersion: 2, Labels: ['kept'] });
  await expect(put('p', 'x', { Overwrite: true })).rejects.toMatchObject({
    code: 'ParameterMaxVersionLimitExceeded',
  });
});

test('parameters are deleted with their versions', async () => {
  for (const name of ['a', 'b', 'c']) await put(name, '1');
  await call('DeleteParameter', { Name: 'a' });
  await expect(call('DeleteParameter', { Name: 'a' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
  expect(await call('DeleteParameters', { Names: ['b', 'x'] })).toEqual({
    DeletedParameters: ['b'],
    InvalidParameters: ['x'],
  });
  expect(await put('a', 'new')).toMatchObject({ Version: 1 });
  expect(namesOf(await call('DescribeParameters'))).toEqual(['a', 'c']);
});

test('tags are put on and taken off', async () => {
  await put('p', '1', { Tags: [{ Key: 'a', Value: '1' }] });
  const resource = { ResourceType: 'Parameter', ResourceId: 'p' };
  await call('AddTagsToResource', { ...resource, Tags: [{ Key: 'b', Value: '2' }] });
  await call('RemoveTagsFromResource', { ...resource, TagKeys: ['a'] });
  expect(await call('ListTagsForResource', resource)).toEqual({ TagList: [{ Key: 'b', Value: '2' }] });
  const none = call('ListTagsForResource', { ...resource, ResourceId: 'none' });
  await expect(none).rejects.toMatchObject({ code: 'InvalidResourceId' });
});

test.each<[string, JsonObject, string, string]>([
  ['no type', { Type: null }, 'ValidationException', 'A parameter type is required'],
  ['an unknown type', { Type: 'Number' }, 'UnsupportedParameterType', 'Number'],
  ['an empty value', { Value: '' }, 'ValidationException', "Value '' at 'value'"],
  ['a value over 4 KB', { Value: 'x'.repeat(4097) }, 'ValidationException', 'Standard tier parameters'],
  [
    'a value over 8 KB',
    { Value: 'x'.repeat(8193), Tier: 'Advanced' },
    'ValidationException',
    'Advanced tier',
  ],
  ['a name of the service', { Name: '/aws/x' }, 'ValidationException', 'reserved parameter name'],
  ['a name with a space', { Name: '/a b' }, 'ValidationException', 'sub-path'],
  ['a path without a slash before it', { Name: 'a/b' }, 'ValidationException', 'fully qualified'],
  ['sixteen levels', { Name: '/a'.repeat(16) }, 'HierarchyLevelLimitExceededException', '15 levels'],
  ['a value off its pattern', { AllowedPattern: '\\d+' }, 'ParameterPatternMismatchException', '\\d+'],
  ['a pattern that is none', { AllowedPattern: '(' }, 'InvalidAllowedPatternException', '('],
  ['policies in the standard tier', { Policies: '[]' }, 'ValidationException', 'advanced tier'],
  [
    'tags with overwrite',
    { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] },
    'ValidationException',
    'tags and overwrite',
  ],
])('%s is refused', async (_, change, code, message) => {
  await expect(put('p', 'value', change)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test('neither type nor tier can be taken back, and tiers grow by themselves where they may', async () => {
  await put('p', 'x', { Tier: 'Intelligent-Tiering' });
  await expect(put('p', 'x', { Type: 'StringList', Overwrite: true })).rejects.toMatchObject({
    code: 'HierarchyTypeMismatchException',
  });
  const long = { Overwrite: true, Tier: 'Intelligent-Tiering' };
  expect(await put('p', 'x'.repeat(5000), long)).toMatchObject({ Tier: 'Advanced' });
  await expect(put('p', 'x', { Overwrite: true, Tier: 'Standard' })).rejects.toThrow("can't downgrade");
});

test('the project file puts parameters; what was put through the API stays until the file changes', async () => {
  const resource = (value: string): ParameterResource => ({
    kind: 'parameter',
    name: '/p',
    type: 'String',
    value,
  });
  await emulator.apply([resource('a')], []);
  await put('/p', 'by hand', { Overwrite: true });
  await emulator.apply([resource('a')], []);
  expect((await get('/p')).Value).toBe('by hand');
  await emulator.apply([resource('b')], []);
  expect(await get('/p')).toMatchObject({ Value: 'b', Version: 3 });
  await emulator.apply([{ ...resource('x'), name: 'a/b' }], []);
  expect(world.notices).toEqual([
    expect.stringContaining('the parameter a/b of the project file cannot be made'),
  ]);
});

test('a project file’s references are looked up', async () => {
  await put('/db/password', 'one', { Type: 'SecureString' });
  await put('/db/password', 'two', { Overwrite: true, Type: 'SecureString' });
  expect(emulator.stored?.('ssm:/db/password')).toBe('two');
  expect(emulator.stored?.('ssm-secure:/db/password:1')).toBe('one');
  expect(emulator.stored?.('ssm:/db/password:9')).toBeUndefined();
  expect(emulator.stored?.('ssm:/db/user')).toBeUndefined();
  expect(emulator.stored?.('secretsmanager:db')).toBeUndefined();
});
