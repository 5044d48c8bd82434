const nowhere = 'http://nowhere.invalid'
const longest = 2_000

/**
 * Where to go after logging in, as a link asked for it: a path on this server, and nothing that a browser could take
 * for another place.
 * @returns the path with its query, as a browser reads it; undefined for what leads elsewhere, or back to logging in
 */
export function safeNext(asked: unknown): string | undefined {
  if (typeof asked !== 'string' || asked.length > longest || !asked.startsWith('/')) return undefined
  // A browser reads \ as / and skips tabs and line ends: what it would make of it is asked of its own rules.
  const url = URL.parse(asked, nowhere)
  if (url?.origin !== nowhere || url.username || url.password) return undefined
  const { pathname, search, hash } = url
  if (pathname.startsWith('//') || /^\/(login|logout)(\/|$)/i.test(pathname)) return undefined
  return pathname + search + hash
}
