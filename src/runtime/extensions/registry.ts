/** The extensions of one instance: who is expected, who has registered, whom everybody waits for. */
import type { Ids } from '../../model/platform.ts';
import type { Refusal } from '../contracts/runtime-api/refusal.ts';
import { Extension, type ExtensionEvent } from './extension.ts';
import {
  invalidEvent,
  MAX_EXTENSIONS,
  nameTaken,
  registrationClosed,
  tooManyExtensions,
} from './extension-refusal.ts';

export interface RegistryOptions {
  readonly ids: Ids;
  /** File names in /opt/extensions. */
  readonly externals: readonly string[];
  /** Someone has registered, or waits for its next event. */
  readonly onChange: () => void;
}

export class ExtensionRegistry {
  readonly #options: RegistryOptions;
  readonly #extensions: Extension[] = [];
  #open = true;

  constructor(options: RegistryOptions) {
    this.#options = options;
    for (const name of options.externals) this.#add(name, 'external');
  }

  get all(): readonly Extension[] {
    return this.#extensions;
  }

  find(id: string): Extension | undefined {
    return this.#extensions.find((extension) => extension.id === id);
  }

  named(name: string): Extension | undefined {
    return this.#extensions.find((extension) => extension.name === name);
  }

  /** A name that is no file in /opt/extensions is an internal extension, one that runs in the runtime's process. */
  register(name: string, events: readonly string[]): Extension | Refusal {
    const known = this.named(name);
    const wrong = events.find((event) => !isEvent(event) || (event === 'SHUTDOWN' && !isExternal(known)));
    if (wrong !== undefined)
      return invalidEvent(
        wrong,
        isEvent(wrong) ? 'ShutdownEventNotSupportedForInternalExtension' : 'InvalidEventType',
      );
    if (isExternal(known)) return this.#register(known, events);
    if (!this.#open) return registrationClosed;
    if (known) return nameTaken;
    if (this.#extensions.length >= MAX_EXTENSIONS) return tooManyExtensions;
    return this.#register(this.#add(name, 'internal'), events);
  }

  /** It could not be started, and nobody waits for it. */
  leave(extension: Extension): void {
    this.#extensions.splice(this.#extensions.indexOf(extension), 1);
    this.#options.onChange();
  }

  /** The runtime has asked for its first event: its code had its time to register. */
  close(): void {
    this.#open = false;
  }

  /** Every program of a layer has registered. */
  get complete(): boolean {
    return this.#extensions.every(({ state }) => state !== 'Started');
  }

  /** Everybody waits for an event: init is over. */
  get allReady(): boolean {
    return this.#extensions.every(({ state }) => state === 'Ready');
  }

  /** Those who were told of the event wait for the next one. */
  get invokeOver(): boolean {
    return this.#extensions.every((extension) => !extension.wants('INVOKE') || extension.state === 'Ready');
  }

  #register(extension: Extension, events: readonly string[]): Extension | Refusal {
    const refusal = extension.register(new Set(events.filter(isEvent)));
    if (refusal) return refusal;
    this.#options.onChange();
    return extension;
  }

  #add(name: string, kind: Extension['kind']): Extension {
    const extension = new Extension(name, kind, this.#options.ids.uuid(), this.#options.onChange);
    this.#extensions.push(extension);
    return extension;
  }
}

function isEvent(event: string): event is ExtensionEvent {
  return event === 'INVOKE' || event === 'SHUTDOWN';
}

function isExternal(extension: Extension | undefined): extension is Extension {
  return extension?.kind === 'external';
}
