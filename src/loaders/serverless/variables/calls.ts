/** What each source of the variable language gives: `self`, `opt`, `env`, `param`, `file`, `sls`, `aws`, `strToBool`. */
import type { LoadOptions, Problem } from '../../../model/project.ts';
import { defaultRegion, defaultStage } from '../../cloudformation/defaults.ts';
import { dotted } from '../../cloudformation/template.ts';
import type { Environment } from '../../environment.ts';
import { constructVariable } from '../constructs.ts';
import type { ConfigFiles } from './files.ts';
import { type Located, placeOf } from './located.ts';
import type { CallValue, ResolvedCall, Resolver, Scope } from './resolver.ts';

export interface Surroundings {
  readonly stage?: string;
  readonly region?: string;
  readonly options: Readonly<Record<string, string>>;
  /** `--param` values. */
  readonly params: Readonly<Record<string, string>>;
  readonly env: Environment;
  readonly stored?: LoadOptions['stored'];
  readonly accountId: string;
  readonly instanceId: string;
  readonly files: ConfigFiles;
}

type Source = (call: ResolvedCall, scope: Scope) => Promise<Located | undefined>;

/** `resolver` is asked for lazily, as it is made from this. */
export function makeCallValue(around: Surroundings, resolver: () => Resolver): CallValue {
  const self = async (address: string, scope: Scope) =>
    resolver().locate(address === '' ? [] : address.split('.'), scope);

  const stage = async (scope: Scope): Promise<string> => {
    if (around.stage !== undefined) return around.stage;
    // The stage's own text asks for the stage: it has no other value than the default.
    if (scope.chain.some((link) => dotted(link.path) === 'provider.stage')) return defaultStage;
    const own = await self('provider.stage', { ...scope, report: () => {} });
    return typeof own?.value === 'string' ? own.value : defaultStage;
  };

  const region = async (scope: Scope): Promise<string> => {
    if (around.region !== undefined) return around.region;
    if (scope.chain.some((link) => dotted(link.path) === 'provider.region')) return defaultRegion;
    const own = await self('provider.region', { ...scope, report: () => {} });
    return typeof own?.value === 'string' ? own.value : defaultRegion;
  };

  /** Parameters of the stage, then the defaults; v3 keeps them in `params.<stage>`, v4 in `stages.<stage>.params`. */
  const param = async (name: string, scope: Scope): Promise<Located | undefined> => {
    const current = await stage(scope);
    for (const path of [
      ['stages', current, 'params', name],
      ['params', current, name],
      ['stages', 'default', 'params', name],
      ['params', 'default', name],
    ]) {
      const found = await resolver().locate(path, scope);
      if (found) return found;
    }
    return undefined;
  };

  const sources: Readonly<Record<string, Source>> = {
    async self(call, scope) {
      const found = await self(call.address ?? '', scope);
      if (found) return found;
      // The framework fills these two in before it resolves anything.
      if (call.address === 'provider.stage') return given(call, await stage(scope));
      if (call.address === 'provider.region') return given(call, await region(scope));
      return missing(call, scope, `the configuration has no ${call.address}`, 'add it', 'error');
    },
    async opt(call, scope) {
      const name = call.address ?? '';
      const value = around.options[name] ?? { stage: around.stage, region: around.region }[name];
      if (value !== undefined) return given(call, value);
      return missing(call, scope, `the option ${name} was not given`, `give it with --opt ${name}=…`);
    },
    async env(call, scope) {
      const name = call.address ?? '';
      const value = around.env[name];
      if (value !== undefined) return given(call, value);
      return missing(call, scope, `${name} is not set`, `set ${name} in the environment or in .env`);
    },
    async param(call, scope) {
      const name = call.address ?? '';
      const value = around.params[name];
      if (value !== undefined) return given(call, value);
      const found = await param(name, scope);
      if (found) return found;
      return missing(
        call,
        scope,
        `there is no parameter ${name} for the stage ${await stage(scope)} and no default`,
        `add it to stages.default.params (or params.default), or give --param ${name}=…`,
      );
    },
    async file(call, scope) {
      const path = call.params[0] ?? '';
      const included = await around.files.read(path, call.address, scope);
      if (included === 'missing')
        return missing(
          call,
          scope,
          `${path} does not exist`,
          'check the path: it is relative to the project folder',
          'error',
        );
      if (included === 'failed') return undefined;
      return included ?? missing(call, scope, `${path} has no ${call.address}`, 'check the key', 'error');
    },
    async sls(call, scope) {
      if (call.address === 'stage') return given(call, await stage(scope));
      if (call.address === 'instanceId') return given(call, around.instanceId);
      return missing(
        call,
        scope,
        `sls knows stage and instanceId, not "${call.address}"`,
        'use one of them',
        'error',
      );
    },
    async aws(call, scope) {
      if (call.address === 'accountId') return given(call, around.accountId);
      if (call.address === 'region') return given(call, await region(scope));
      return missing(
        call,
        scope,
        `aws knows accountId and region, not "${call.address}"`,
        'use one of them',
        'error',
      );
    },
    async construct(call, scope) {
      const [id = '', ...name] = (call.address ?? '').split('.');
      const type = await resolver().locate(['constructs', id, 'type'], scope);
      const value = constructVariable(type?.value, id, name.join('.'));
      if (value !== undefined) return { ...call.from, value };
      return missing(call, scope, `there is no such value of a construct "${id}"`, 'check the name');
    },
    async strToBool(call, scope) {
      const text = call.params[0]?.trim().toLowerCase() ?? '';
      if (text === 'true' || text === '1') return given(call, true);
      if (text === 'false' || text === '0') return given(call, false);
      return missing(
        call,
        scope,
        `"${call.params[0] ?? ''}" is not true, false, 1 or 0`,
        'give one of these',
        'error',
      );
    },
  };

  return async (call, scope) => {
    const source = sources[call.type];
    const problems: Problem[] = [];
    const value = source && (await source(call, { ...scope, report: (problem) => problems.push(problem) }));
    if (value) {
      problems.forEach(scope.report);
      return value;
    }
    const override = await resolver().locate(['custom', 'sls-local', 'variables', keyOf(call)], {
      ...scope,
      report: () => {},
    });
    if (override) return override;
    const found = call.type === 'ssm' ? storedIn(call, around.stored) : undefined;
    if (found !== undefined) return { ...call.from, value: found };
    problems.forEach(scope.report);
    if (!source) elsewhere(call, scope);
    return undefined;
  };
}

const SECRETS = '/aws/reference/secretsmanager/';

/** A parameter's text, or a secret's: as the framework has it, JSON of a secret is a map unless it is asked for raw. */
function storedIn({ address = '', params }: ResolvedCall, stored: LoadOptions['stored']): unknown {
  const name = address.replace(/~(true|false|split)$/, '');
  if (!name.startsWith(SECRETS)) return stored?.(`ssm:${name}`);
  const text = stored?.(`secretsmanager:${name.slice(SECRETS.length)}`);
  if (text === undefined || params.includes('raw') || !/^\s*\{/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `ssm:/path`, `cf(us-east-1):stack.Output`: what a local value is filed under. */
function keyOf(call: ResolvedCall): string {
  const params = call.params.length > 0 ? `(${call.params.join(', ')})` : '';
  return `${call.type}${params}${call.address === undefined ? '' : `:${call.address}`}`;
}

/** A value that is written nowhere in the files. */
function given(call: ResolvedCall, value: string | boolean): Located {
  return { ...call.from, value };
}

/** `error` where the project itself is wrong; a warning where only a value from outside is wanting. */
function missing(
  call: ResolvedCall,
  scope: Scope,
  why: string,
  remedy: string,
  severity: Problem['severity'] = 'warning',
): undefined {
  scope.report({
    severity,
    code: 'unresolved-variable',
    message: `\${${call.raw}} has no value: ${why}`,
    hint: `${remedy}, or write a fallback: \${${call.raw}, 'value'}`,
    place: placeOf(call.from),
    subject: dotted(call.from.path),
  });
}

function elsewhere(call: ResolvedCall, scope: Scope): void {
  scope.report({
    severity: 'warning',
    code: 'unresolved-variable',
    message: `\${${call.raw}} has no value: "${call.type}" is not looked up on this machine`,
    hint: `${call.type === 'ssm' ? 'put it with aws ssm put-parameter while a session runs, or ' : ''}give a local value in custom.sls-local.variables: { "${keyOf(call)}": … }, or write a fallback: \${${call.raw}, 'value'}`,
    place: placeOf(call.from),
    subject: dotted(call.from.path),
  });
}
