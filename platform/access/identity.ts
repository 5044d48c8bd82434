import type { Right, Role } from './roles.ts'
import { mayRole } from './roles.ts'

/** Who is asking, as of now: a verified session and the role its user has at this moment. */
export interface Identity {
  readonly username: string
  readonly role: Role
  /** One login: ends at logout, at expiry, or when an admin ends it. */
  readonly sessionId: string
  /** When the token at hand expires, UTC ms. */
  readonly expiresAt: number
}

export const may = (identity: Identity | undefined, right: Right): boolean =>
  identity !== undefined && mayRole(identity.role, right)
