/** The runtime identifiers the service takes for new functions. */
import { invalidParameter } from '../errors.ts';

const RUNTIMES: readonly string[] = [
  ...['18.x', '20.x', '22.x', '24.x', '26.x'].map((version) => `nodejs${version}`),
  ...['3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'].map((version) => `python${version}`),
  ...['3.2', '3.3', '3.4', '3.5'].map((version) => `ruby${version}`),
  ...['8.al2', '11', '17', '21', '25'].map((version) => `java${version}`),
  ...['8', '10'].map((version) => `dotnet${version}`),
  'provided.al2',
  'provided.al2023',
];

export function checkRuntime(runtime: string): string {
  if (RUNTIMES.includes(runtime)) return runtime;
  throw invalidParameter(
    `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${RUNTIMES.join(', ')}] or be a valid ARN`,
  );
}
