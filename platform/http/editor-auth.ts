import type { Access } from '../access/access.ts'
import { may } from '../access/identity.ts'
import { tokenHeader } from './front-door.ts'

/** A user as Node-RED's editor knows one. */
export interface EditorUser {
  readonly username: string
  readonly permissions: '*'
  readonly sessionId: string
  readonly role: string
}

/**
 * Node-RED's `adminAuth`: it asks this at every request of the editor's API and for the editor's WebSocket. No `type`, so that
 * Node-RED exchanges no passwords of its own for tokens of its own: whoever is logged in here is logged in there.
 * @param editor  whether flows may be edited here at all
 */
export const editorAuth = (access: Pick<Access, 'verify'>, editor: boolean) => ({
  tokenHeader,
  async tokens(token: string): Promise<EditorUser | null> {
    const identity = editor ? await access.verify(token) : undefined
    if (!identity || !may(identity, 'edit-flows')) return null
    const { username, sessionId, role } = identity
    return { username, sessionId, role, permissions: '*' }
  },
})
