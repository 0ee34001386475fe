/** Keeps web pages away from the debugger's port: any page can reach loopback, and whoever speaks to it runs code. */

/** A page that rebinds its name to 127.0.0.1 still sends that name. Addresses and localhost cannot be rebound. */
export function isAllowedHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);
}

/** Debuggers send no origin; the one that is itself a page is Chrome's. */
export function isAllowedOrigin(origin: string | undefined): boolean {
  return origin === undefined || /^(?:devtools|chrome-devtools):\/\/devtools$/.test(origin);
}
