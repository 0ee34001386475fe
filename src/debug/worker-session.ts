/**
 * Shows each instance as a worker of a target that never ends (`NodeWorker` domain), as vscode-js-debug shows a process's
 * worker threads: any number of instances under one attach, coming and going with reloads.
 */
import { type CdpCommand, eventText, parseCommand, replyText, resultTail } from './cdp.ts';
import { type DebugSession, type Deliver, makeSignal } from './debug-session.ts';
import { ROOT_CONTEXT, rootAnswer } from './root-answers.ts';
import { makeView, type SharedInstance, type View } from './view.ts';

const DONE = resultTail({});

export function makeWorkerSession(deliver: Deliver): DebugSession {
  const views = new Map<string, { readonly view: View; readonly ready: () => void }>();
  let lastSession = 0;

  const attach = (instance: SharedInstance): Promise<void> => {
    const sessionId = `${++lastSession}`;
    const { done, settle } = makeSignal();
    const detached = () => {
      settle();
      if (views.delete(sessionId)) deliver(eventText('NodeWorker.detachedFromWorker', { sessionId }));
    };
    const view = makeView(instance, {
      deliver: (message) =>
        deliver(eventText('NodeWorker.receivedMessageFromWorker', { sessionId, message })),
      onReady: settle,
      onGone: detached,
    });
    views.set(sessionId, { view, ready: settle });
    const { functionId, instanceId, artifactDir } = instance.line.target;
    const workerInfo = {
      workerId: sessionId,
      type: 'worker',
      title: `${functionId} [${instanceId.slice(0, 8)}]`,
      url: `file://${artifactDir}/`,
    };
    deliver(eventText('NodeWorker.attachedToWorker', { sessionId, workerInfo, waitingForDebugger: true }));
    return done;
  };

  const detach = (sessionId: string) => {
    const worker = views.get(sessionId);
    views.delete(sessionId);
    worker?.view.close();
    worker?.ready();
    if (worker) deliver(eventText('NodeWorker.detachedFromWorker', { sessionId }));
  };

  const command = (asked: CdpCommand) => {
    const { id, method, params } = asked;
    const sessionId = String(params.sessionId);
    if (method === 'NodeWorker.sendMessageToWorker') {
      deliver(replyText(id, DONE));
      const inner = parseCommand(String(params.message));
      if (inner) views.get(sessionId)?.view.command(inner);
      return;
    }
    if (method === 'Runtime.enable') deliver(eventText('Runtime.executionContextCreated', ROOT_CONTEXT));
    if (method === 'NodeWorker.detach') detach(sessionId);
    if (method === 'NodeWorker.disable') for (const worker of [...views.keys()]) detach(worker);
    deliver(replyText(id, rootAnswer(asked)));
  };

  return {
    attach,
    command,
    close() {
      for (const { view, ready } of views.values()) {
        view.close();
        ready();
      }
      views.clear();
    },
  };
}
