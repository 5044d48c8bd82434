import type { Socket } from '../../../../platform/wire/live-client.ts'

/** Where a browser says that its machine has lost its network: `window`, with the event `offline`. */
export type NetworkNews = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

/**
 * Closes a connection as soon as the machine says that it has lost its network: a cable that is pulled out closes nothing, and its
 * silence would be noticed half a minute later. That the network is said to be away keeps nobody from trying: of a machine that
 * has none browsers say so too, and the server may be on it.
 */
export function closingOnLoss(socket: Socket, news: NetworkNews): Socket {
  const close = (): void => socket.close()
  news.addEventListener('offline', close)
  socket.addEventListener('close', () => news.removeEventListener('offline', close))
  return socket
}
