import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { describeWithTool } from '../../suites/require-tool.ts';
import { testDebugging } from '../debug/debugging.suite.ts';

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' });

/** Ids of containers that sessions of ours have. */
function containers(): string[] {
  return docker('ps', '-q', '--filter', 'label=sls-local.session')
    .split('\n')
    .filter((id) => id !== '');
}

await describeWithTool('docker', 'step-debugging in containers', () => {
  const before = new Set(containers());
  testDebugging('docker', () => {
    const ours = containers().filter((id) => !before.has(id));
    expect(ours.length).toBeGreaterThan(0);
    const ports =
      '{{len .HostConfig.PortBindings}} {{.HostConfig.PublishAllPorts}} {{json .NetworkSettings.Ports}}';
    for (const id of ours)
      expect(docker('inspect', '--format', ports, id).trim()).toMatch(/^0 false (?:\{\}|null)$/);
  });
});
