import type { NodeMessage } from 'node-red'
import type { Access } from './access.ts'
import type { Identity } from './identity.ts'

/** Who sent a message that came into a flow. */
export type MessageSender =
  /** No person: logic of the flow made it. */
  | { readonly kind: 'logic' }
  | { readonly kind: 'person'; readonly identity: Identity; readonly address: string | undefined }
  /** It names a person, and no open session of that person proves it. */
  | { readonly kind: 'unproven' }

/** What Dashboard's guard says of who sent a message: not what the browser said. */
interface NamedSender {
  readonly username?: unknown
  readonly sessionId?: unknown
  readonly socketIp?: unknown
}

/** A message that names a person is that person's or nobody's: logic may be allowed more. */
export async function senderOf(message: NodeMessage, access: Access | undefined): Promise<MessageSender> {
  const named = (message as { _client?: NamedSender | null })._client
  if (named === undefined || named === null) return { kind: 'logic' }
  const { username, sessionId, socketIp } = named
  if (typeof username !== 'string' || typeof sessionId !== 'string') return { kind: 'unproven' }
  const identity = await access?.identify(username, sessionId)
  if (!identity) return { kind: 'unproven' }
  return { kind: 'person', identity, address: typeof socketIp === 'string' ? socketIp : undefined }
}
