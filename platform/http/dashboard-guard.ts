import type { IncomingMessage } from 'node:http'
import type { NodeAPI } from 'node-red'
import type { AccessEntry } from '../access/access.ts'
import { may, type Identity } from '../access/identity.ts'
import { judge, maySeeWidget, visibleOf, type Shown, type Widget } from './dashboard-rights.ts'
import { endOf, identityOf } from './front-door.ts'
import type { OpenConnections } from './open-connections.ts'

/** The little of a socket.io socket that stands guarded here. */
export interface DashboardSocket {
  readonly id: string
  readonly request: IncomingMessage
  readonly handshake: { readonly address: string; readonly xdomain: boolean }
  readonly conn: { once(event: 'close', listener: () => void): void; close(): void }
  use(middleware: (packet: unknown[], next: () => void) => void): void
  emit(event: string, ...args: unknown[]): boolean
  disconnect(close: boolean): void
}

/** What the guard works with; there is one dashboard's socket server in a process of Node-RED. */
export interface DashboardSurroundings {
  readonly connections: OpenConnections
  readonly refused: (entry: AccessEntry) => void
  /** What the dashboards show at this moment, all of them together. */
  shown(): Shown
}

let surroundings: DashboardSurroundings | undefined

/** From here on sockets are let in; without surroundings none. */
export function guardDashboard(given: DashboardSurroundings | undefined): void {
  surroundings = given
}

/**
 * Dashboard's `ioMiddleware`: lets in the sockets of users, hears of each event before Dashboard does, and closes with the
 * session. Without it a socket gets the whole configuration, and sends in the name of any node.
 */
export function admitSocket(socket: DashboardSocket, next: (error?: Error) => void): void {
  const identity = identityOf(socket.request)
  const objection = !surroundings
    ? 'not yet'
    : !identity || !may(identity, 'read')
      ? 'not logged in'
      : // As Dashboard itself has it when nothing else is set.
        socket.handshake.xdomain || /[?&]transport=websocket/.test(socket.request.url ?? '')
        ? 'opened by a page of another site'
        : undefined
  if (objection !== undefined || !surroundings || !identity) {
    surroundings?.refused({ ...who(identity, socket), event: 'dashboard_refused', detail: objection })
    next(new Error(objection))
    return socket.conn.close()
  }
  identities.set(socket, identity)
  const release = surroundings.connections.hold(identity, endOf(socket.request), () => socket.disconnect(true))
  // Dashboard takes all listeners off the socket itself at every deploy.
  socket.conn.once('close', release)
  guardIncoming(socket, identity, surroundings)
  guardOutgoing(socket, identity, surroundings)
  next()
}

const identities = new WeakMap<object, Identity>()

/**
 * Dashboard's hook for what it tells flows of a browser: not what the browser says of itself, but who it is. Dashboard
 * adds the socket's id and address.
 */
export function tellWhoSends<Item extends object>(socket: object, item: Item): Item {
  const identity = identities.get(socket)
  const { username, role, sessionId } = identity ?? {}
  return Object.assign(item, { _client: identity ? { username, role, sessionId } : {} })
}

function guardIncoming(socket: DashboardSocket, identity: Identity, { shown, refused }: DashboardSurroundings): void {
  socket.use((packet, next) => {
    const [event, id] = packet
    const verdict = judge(shown(), identity, String(event), id)
    if (verdict.passes) {
      for (let at = 2; at < packet.length; at++) packet[at] = withoutClaims(packet[at])
      return next()
    }
    if (verdict.why === undefined) return
    const subject = `${String(event)} ${typeof id === 'string' ? id : typeof id}`
    refused({ ...who(identity, socket), event: 'dashboard_refused', subject, detail: verdict.why })
    socket.emit('linhaviva-refused', subject, verdict.why)
  })
}

/** What a browser cannot say: who it is, and how widgets further down the flow shall look. */
const claims: ReadonlySet<string> = new Set(['_client', 'ui_update', 'enabled', 'visible', 'class', 'req', 'res'])

function withoutClaims(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(withoutClaims)
  if (typeof message !== 'object' || message === null || Buffer.isBuffer(message)) return message
  return Object.fromEntries(Object.entries(message).filter(([name]) => !claims.has(name)))
}

interface UiConfig {
  dashboards: Record<string, object>
  pages: Record<string, object>
  groups: Record<string, object>
  widgets: Record<string, Widget>
}

/** Events with the id of a widget in their name, as Dashboard sends them. */
const aboutWidget = /^(?:msg-input|widget-load|widget-sync):(.+)$/

function guardOutgoing(socket: DashboardSocket, identity: Identity, { shown }: DashboardSurroundings): void {
  const emit = socket.emit.bind(socket)
  socket.emit = (event, ...args) => {
    if (event === 'ui-config') {
      const [base, config] = args as [string, UiConfig]
      return emit(event, base, visibleOf(config, identity))
    }
    const id = aboutWidget.exec(event)?.[1]
    if (id !== undefined && !id.startsWith('ui-') && !maySeeWidget(shown(), identity, id)) return true
    return emit(event, ...args.map(withoutSender))
  }
}

/** Who sent a message is told to flows, not to other browsers. */
const withoutSender = (message: unknown): unknown =>
  Array.isArray(message)
    ? message.map(withoutSender)
    : typeof message === 'object' && message !== null && '_client' in message
      ? { ...message, _client: undefined }
      : message

const who = (identity: Identity | undefined, socket: DashboardSocket): Omit<AccessEntry, 'event'> => ({
  identity,
  address: socket.handshake.address,
})

/** @returns what all dashboards of the flows show at this moment */
export function dashboardsOf(RED: NodeAPI): () => Shown {
  let bases: string[] | undefined
  for (const event of ['flows:starting', 'flows:started']) RED.events.on(event, () => (bases = undefined))
  return () => {
    bases ??= idsOfBases(RED)
    const uis = bases.flatMap((id) => (RED.nodes.getNode(id) as { ui?: Shown } | null)?.ui ?? [])
    const all = <T>(part: (ui: Shown) => ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
      uis.length === 1 ? part(uis[0]!) : new Map(uis.flatMap((ui) => [...part(ui)]))
    return {
      pages: all(({ pages }) => pages),
      groups: all(({ groups }) => groups),
      widgets: all(({ widgets }) => widgets),
    }
  }
}

function idsOfBases(RED: NodeAPI): string[] {
  const ids: string[] = []
  RED.nodes.eachNode(({ id, type }) => void (type === 'ui-base' && ids.push(id)))
  return ids
}
