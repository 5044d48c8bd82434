/** Below this path stand scripts and styles of pages, by their place below `platform/`. */
export const staticPath = '/static'

/** Paths that our pages answer. Whoever guards the rest lets them pass: they tell nobody anything that is not for everybody. */
export const isOpenPage = (path: string): boolean =>
  path === '/' || /^\/(login|logout|password)(\/|$)/.test(path) || path.startsWith(`${staticPath}/`)
