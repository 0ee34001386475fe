/** What a target without code of its own answers: enough for a debugger to feel at home and go on to the instances. */
import { breakpointIdOf } from './breakpoint-id.ts';
import { type CdpCommand, errorTail, type ReplyTail, resultTail } from './cdp.ts';

/** The context that a debugger expects every target to have. */
export const ROOT_CONTEXT = {
  context: {
    id: 1,
    origin: '',
    name: 'sls-local',
    uniqueId: 'sls-local.root',
    auxData: { isDefault: true },
  },
};

const NO_CODE = 'choose an instance: this target has no code';
/** As of an expression that throws: debuggers read a value out of any other answer. */
const NOWHERE_TO_EVALUATE = resultTail({
  result: { type: 'undefined' },
  exceptionDetails: {
    exceptionId: 1,
    text: 'Uncaught',
    lineNumber: 0,
    columnNumber: 0,
    exception: { type: 'string', value: NO_CODE },
  },
});

const NOT_PAUSED = /^Debugger\.(?:resume|step|continueToLocation|restartFrame)/;

export function rootAnswer({ method, params }: CdpCommand): ReplyTail {
  if (method === 'Debugger.enable') return resultTail({ debuggerId: 'sls-local.root' });
  const breakpointId = breakpointIdOf(method, params);
  if (breakpointId !== undefined) return resultTail({ breakpointId, locations: [] });
  if (method === 'Debugger.getPossibleBreakpoints') return resultTail({ locations: [] });
  // Also what debuggers ask a process to learn its id, or to make its children attach: there is no process to tell of.
  if (method === 'Runtime.evaluate') return NOWHERE_TO_EVALUATE;
  if (method === 'Runtime.getProperties') return resultTail({ result: [] });
  if (method === 'Runtime.getIsolateId') return resultTail({ id: 'sls-local.root' });
  if (method === 'Runtime.getHeapUsage') return resultTail({ usedSize: 0, totalSize: 0 });
  if (NOT_PAUSED.test(method)) return errorTail('Can only perform operation while paused.');
  if (method === 'Debugger.setBreakpoint' || method === 'Debugger.evaluateOnCallFrame')
    return errorTail(NO_CODE);
  return resultTail({});
}
