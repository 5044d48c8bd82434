import type { Right, Role } from './roles.ts'
import { mayRole } from './roles.ts'

/** Who is asking, as of now: a verified session and the role its user has at this moment. */
export interface Identity {
  readonly username: string
  readonly role: Role
  /** One login: ends at logout, at expiry, or when an admin ends it. */
  readonly sessionId: string
  /** When the token at hand expires, UTC ms. A socket that a program opened with it closes then. */
  readonly expiresAt: number
  /** When the session ends at the latest, UTC ms. A socket that a browser opened with its cookie lives until then, if nothing ends the session before. */
  readonly sessionEndsAt: number
}

/** Where a request comes from: for limits and the log, no right derives from it. */
export interface Caller {
  readonly address: string
  readonly userAgent?: string | undefined
}

/** Why whoever holds a socket of a session closes it. After `role` the session goes on: its client comes back with the new role. */
export type EndReason = 'ended' | 'expired' | 'role' | 'unconfirmed'

export const may = (identity: Identity | undefined, right: Right): boolean =>
  identity !== undefined && mayRole(identity.role, right)
