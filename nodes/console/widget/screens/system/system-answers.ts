import type { Reason } from '../../../../../platform/wire/reasons.ts'

/** How much was kept out for a reason since the beginning, and how much of it still has its payload. */
export interface QuarantineCount {
  readonly reason: Reason
  readonly count: number
  readonly kept: number
  readonly lastAt: string
}

export interface QuarantineEntry {
  readonly quarantineId: number
  readonly receivedAt: string
  readonly replayedAt: string | null
  /** Its replay takes two persons. */
  readonly regulated: boolean
  readonly replayApprovalId: number | null
  readonly reason: Reason
  readonly deviceId: string | null
  readonly topic: string
  readonly detail: string | null
  readonly payload: string | null
  readonly encoding: 'text' | 'base64'
  /** Detail and payload are of a consumer unit and not for whoever asks. */
  readonly withheld: boolean
}

export interface ReplayOutcome {
  readonly outcome: 'stored' | 'duplicate' | 'quarantined' | 'replayed_before'
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  readonly refusals: readonly { readonly reason: Reason; readonly detail: string | null }[]
}

export interface BulkReplay {
  readonly replayed: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  readonly more: boolean
  readonly waitingForApproval: number
}

export interface PendingDevice {
  readonly deviceId: string
  readonly kind: string | null
  readonly firstSeenAt: string
  readonly claim: Readonly<Record<string, unknown>> | null
}

export const roles = ['viewer', 'operator', 'engineer', 'admin'] as const
export type Role = (typeof roles)[number]

export interface User {
  readonly username: string
  readonly role: Role
  readonly disabled: boolean
  readonly origin: 'environment' | 'api' | 'oidc'
  readonly createdAt: string
  readonly changedAt: string
}

export interface AccessRow {
  readonly id: string
  readonly at: string
  readonly event: string
  readonly username: string | null
  readonly address: string | null
  readonly detail: string | null
}

/**
 * Rows of the access log of several events, the newest first: each list is whole back to its oldest row only, so what is
 * older than the youngest of those is left out.
 * @param isWhole  whether a list has all rows there are
 */
export function newestOf(
  lists: readonly { readonly rows: readonly AccessRow[]; readonly isWhole: boolean }[],
): AccessRow[] {
  const since = Math.max(
    -Infinity,
    ...lists.flatMap(({ rows, isWhole }) => (isWhole ? [] : [Date.parse(rows.at(-1)?.at ?? '') || -Infinity])),
  )
  return lists
    .flatMap(({ rows }) => rows)
    .filter(({ at }) => Date.parse(at) >= since)
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
}

/** How many of a list are shown at first, and how many more each time. */
export const firstLimit = 100
/** @returns no more than a page of the API has */
export const nextLimit = (limit: number): number => Math.min(limit + firstLimit, 1_000)

/** What a device says of itself, for people to read: the names are those of the field contract. */
export const claimText = (claim: PendingDevice['claim']): string =>
  Object.entries(claim ?? {})
    .filter(([name, value]) => name !== 'deviceId' && value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' · ')

/** What of a user is to be changed; empty where nothing is. */
export function userChange(
  user: User,
  wanted: { readonly role: Role; readonly password: string; readonly mayLogIn: boolean },
): { role?: Role; password?: string; disabled?: boolean } {
  return {
    ...(wanted.role !== user.role && { role: wanted.role }),
    ...(wanted.password !== '' && { password: wanted.password }),
    ...(wanted.mayLogIn === user.disabled && { disabled: !wanted.mayLogIn }),
  }
}

/** What can be done with a message that was kept out: nothing once it has been replayed. */
export function waysBack(entry: QuarantineEntry): 'replay' | 'propose' | 'none' {
  if (entry.replayedAt !== null) return 'none'
  return entry.regulated && entry.replayApprovalId === null ? 'propose' : 'replay'
}
