/** A project's own invariant as a command: run beside the session when a run is over, its exit code counts. */
import { spawn } from 'node:child_process';
import type { Check, Checked } from '../chaos/check.ts';
import { messageOf } from '../std/errors.ts';

/** Lines of its output that are shown. */
const SHOWN_LINES = 8;

/** `command` goes to a shell in `folder`; the AWS tools and SDKs it uses find the session by its environment. */
export function commandCheck(command: string, folder: string): Check {
  return (checked) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(command, {
        ...{ shell: true, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
        env: { ...process.env, ...environmentOf(checked) },
      });
      let output = '';
      const hear = (part: Buffer) => {
        output += part.toString('utf8');
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.on('error', (failure) => reject(new Error(`${command} could not be run: ${messageOf(failure)}`)));
      child.on('close', (code, signal) => {
        if (code === 0) return resolve();
        const last = output.trim().split('\n').slice(-SHOWN_LINES).join('\n');
        reject(
          new Error(
            `${command} ended with ${signal ?? `exit code ${code}`}${last === '' ? '' : `: ${last}`}`,
          ),
        );
      });
    });
}

function environmentOf({ endpoint, http, region, accountId, eventFile }: Checked): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'chaos',
    AWS_SECRET_ACCESS_KEY: 'chaos',
    AWS_ACCOUNT_ID: accountId,
    SLS_LOCAL_EVENTS: eventFile,
    ...(http !== null && { SLS_LOCAL_HTTP: http }),
  };
}
