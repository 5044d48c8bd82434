import { LiveStore } from './live-store.ts'
import { Api } from './api.ts'
import { closingOnLoss } from './network-loss.ts'

/** The API as the browser of this page asks it. */
export const pageApi = new Api({ fetch: (path, init) => fetch(path, init), cookies: () => document.cookie })

let store: LiveStore | undefined

/** The one connection to the live stream; it outlives the page, which Dashboard takes down when somebody looks at another. */
export function consoleLive(): LiveStore {
  store ??= new LiveStore(() => closingOnLoss(new WebSocket('/api/live'), window))
  return store
}
