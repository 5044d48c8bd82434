import { may, type Identity } from '../access/identity.ts'
import type { Right } from '../access/roles.ts'

/** What the landing page leads to, and what somebody must be allowed to open it. */
export interface Place {
  readonly path: string
  readonly name: 'dashboard' | 'editor' | 'docs' | 'health'
  /** Undefined: whoever is logged in. */
  readonly right?: Right
}

const places: readonly Place[] = [
  { path: '/dashboard', name: 'dashboard', right: 'read' },
  { path: '/editor', name: 'editor', right: 'edit-flows' },
  { path: '/api/docs', name: 'docs' },
  { path: '/api/health', name: 'health' },
]

export const placesOf = (identity: Identity): readonly Place[] =>
  places.filter(({ right }) => right === undefined || may(identity, right))

/**
 * Where somebody goes who has just logged in: where they wanted to, if they may open it; else to what their role works with.
 * @param next  a path that `safeNext` let through
 */
export function destination(identity: Identity, next: string | undefined): string {
  const path = next?.split(/[?#]/, 1)[0]
  const place = places.find((each) => path === each.path || path?.startsWith(`${each.path}/`))
  if (next !== undefined && (place === undefined || placesOf(identity).includes(place))) return next
  if (may(identity, 'administer')) return '/'
  return may(identity, 'edit-flows') ? '/editor' : '/dashboard'
}
