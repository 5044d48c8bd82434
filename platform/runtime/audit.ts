import type { AccessEntry } from '../access/access.ts'
import type { Deployed } from './flow-storage.ts'

/** What Node-RED tells of an audit event. */
export interface AuditMessage {
  readonly event?: string | undefined
  readonly user?: { readonly username?: string; readonly sessionId?: string; readonly role?: string } | undefined
  readonly ip?: string | undefined
  readonly [detail: string]: unknown
}

/** What changes what runs here, or was an attempt at it; the editor's reading is not kept. */
const kept =
  /^(auth\.|permission\.fail$|comms\.auth\.fail$|flows?\.(set|add|update|remove)$|nodes\.(install|remove|module\.set|info\.set)$|context\.delete$|library\.set$|settings\.update$)/

const words = ['type', 'id', 'module', 'permissions', 'scope', 'key', 'path', 'error'] as const

/** The entry of the access log for an audit event of Node-RED; undefined for one that is not kept. */
export function accessEntryOf({ event = '', user, ip, ...rest }: AuditMessage): AccessEntry | undefined {
  if (!kept.test(event)) return undefined
  const details = words.flatMap((word) => (rest[word] === undefined ? [] : [`${word} ${String(rest[word])}`]))
  return {
    event: event === 'flows.set' ? 'deploy' : event.replaceAll(/[^a-z]+/g, '_'),
    ...whoIs(user),
    ...(ip !== undefined && { address: ip }),
    ...(details.length > 0 && { detail: details.join(', ') }),
  }
}

/** The entry of the access log for flows that a deploy has changed: Node-RED's own audit event does not say which. */
export const deployEntryOf = ({ user, changed, removed }: Deployed): AccessEntry => ({
  event: 'flows_changed',
  ...whoIs(user),
  detail: [
    ...(changed.length > 0 ? [`changed ${changed.join(' ')}`] : []),
    ...(removed.length > 0 ? [`removed ${removed.join(' ')}`] : []),
  ].join(', '),
})

function whoIs(user: AuditMessage['user']): Pick<AccessEntry, 'identity' | 'username'> {
  if (user?.sessionId !== undefined) return { identity: user as NonNullable<AccessEntry['identity']> }
  return user?.username === undefined ? {} : { username: user.username }
}
