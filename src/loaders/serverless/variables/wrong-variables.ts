/** What is said of variables that are written wrongly, as opposed to those that have no value. */
import type { Problem } from '../../../model/project.ts';
import { dotted } from '../../cloudformation/template.ts';
import { type Located, placeOf } from './located.ts';

/** `links` begin and end with the same text. */
export function circle(links: readonly Located[]): Problem {
  const first = links[0];
  return {
    severity: 'error',
    code: 'circular-variable',
    message: `circular reference: ${links.map((link) => dotted(link.path)).join(' → ')}`,
    hint: 'give one of them a value of its own',
    ...(first ? at(first) : {}),
  };
}

export function unquoted(raw: string, from: Located): Problem {
  return {
    severity: 'error',
    code: 'invalid-variable',
    message: `the fallback "${raw}" is neither a variable nor a quoted text`,
    hint: `write '${raw}' in quotes`,
    ...at(from),
  };
}

/** A list or a map where a text is being put together. */
export function notText(raw: string, value: unknown, from: Located): Problem {
  return {
    severity: 'error',
    code: 'invalid-variable',
    message: `${raw} is ${Array.isArray(value) ? 'a list' : 'a map'}, but stands inside a text`,
    hint: 'let the variable be the whole value, or name one of its keys',
    ...at(from),
  };
}

/** The reason the first source gave, when none of the fallbacks had a value either. */
export function afterFallbacks(reason: Problem, raw: string): Problem {
  return reason.message.includes(raw) ? reason : { ...reason, message: `${reason.message} (in ${raw})` };
}

function at(node: Located): Pick<Problem, 'place' | 'subject'> {
  return { place: placeOf(node), subject: dotted(node.path) };
}
