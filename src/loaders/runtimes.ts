/** The runtime identifiers a project file may name. */

const families: readonly { readonly prefix: string; readonly versions: readonly string[] }[] = [
  { prefix: 'nodejs', versions: ['12.x', '14.x', '16.x', '18.x', '20.x', '22.x', '24.x', '26.x'] },
  {
    prefix: 'python',
    versions: ['3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'],
  },
  { prefix: 'ruby', versions: ['2.7', '3.2', '3.3', '3.4', '3.5'] },
  { prefix: 'java', versions: ['8', '8.al2', '11', '17', '21', '25'] },
  { prefix: 'dotnet', versions: ['core3.1', '6', '8', '10'] },
  { prefix: 'provided', versions: ['', '.al2', '.al2023'] },
  { prefix: 'go', versions: ['1.x'] },
];

/** Every known identifier: `nodejs22.x`, `python3.13`, … */
export const knownRuntimes: readonly string[] = families.flatMap(({ prefix, versions }) =>
  versions.map((version) => prefix + version),
);

export function isKnownRuntime(runtime: string): boolean {
  return knownRuntimes.includes(runtime);
}

/** Identifiers the service no longer has, and this program never ran, with the nearest it runs. */
const retired: Readonly<Record<string, string>> = {
  ...{ nodejs: 'nodejs12.x', 'nodejs4.3': 'nodejs12.x', 'nodejs4.3-edge': 'nodejs12.x' },
  ...{ 'nodejs6.10': 'nodejs12.x', 'nodejs8.10': 'nodejs12.x', 'nodejs10.x': 'nodejs12.x' },
  ...{ 'python2.7': 'python3.6', 'ruby2.5': 'ruby2.7' },
  ...{ 'dotnetcore1.0': 'dotnetcore3.1', 'dotnetcore2.0': 'dotnetcore3.1', 'dotnetcore2.1': 'dotnetcore3.1' },
  ...{ 'dotnet5.0': 'dotnet6', dotnet7: 'dotnet8' },
};

/** Of a runtime that is not known: what to say of it and to do about it. */
export function runtimeProblem(runtime: string): {
  readonly code: string;
  readonly words: string;
  readonly hint: string;
} {
  const nearest = Object.hasOwn(retired, runtime) ? retired[runtime] : undefined;
  if (nearest === undefined)
    return {
      code: 'unknown-runtime',
      words: `unknown runtime "${runtime}"`,
      hint: `known ones: ${runtimesLike(runtime)}`,
    };
  return {
    code: 'retired-runtime',
    words: `retired runtime "${runtime}"`,
    hint: `the nearest that is run is ${nearest}; others: ${runtimesLike(runtime)}`,
  };
}

/** For messages: the identifiers of the family that was probably meant, else the newest of each family. */
export function runtimesLike(runtime: string): string {
  const family = families.find(({ prefix }) => runtime.toLowerCase().startsWith(prefix.slice(0, 4)));
  const named = family
    ? family.versions.map((version) => family.prefix + version)
    : families.map(({ prefix, versions }) => prefix + (versions.at(-1) ?? ''));
  return named.join(', ');
}
