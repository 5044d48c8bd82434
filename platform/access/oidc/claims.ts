import { roles, type Role } from '../roles.ts'
import { usernamePattern } from '../user-entries.ts'
import { OidcRefusal } from './refusal.ts'

/** Where the claims of a provider say who somebody is and what they may do. */
export interface ClaimRules {
  /** A claim's name, or a path into it: `realm_access.roles`. */
  readonly roleClaim: string
  /** What the claim says, and the role that it stands for here; without it the claim says the role itself. */
  readonly roleMap?: Readonly<Record<string, Role>>
  readonly usernameClaim: string
}

/** Somebody whom the provider vouches for. */
export interface ProvidedUser {
  readonly username: string
  readonly role: Role
  /** Who it is for the provider, for good: names change, this does not. */
  readonly subject: string
}

/**
 * Who logs in, by the verified claims. Of several roles the one furthest in `roles` counts.
 * @throws OidcRefusal `no_username`, `no_role`
 */
export function userOf(claims: Readonly<Record<string, unknown>>, rules: ClaimRules): ProvidedUser {
  const { sub } = claims
  const username = claimOf(claims, rules.usernameClaim)
  if (typeof sub !== 'string' || sub === '') throw new OidcRefusal('no_username', 'the claim sub is missing')
  if (typeof username !== 'string' || !new RegExp(usernamePattern).test(username))
    throw new OidcRefusal(
      'no_username',
      `the claim ${rules.usernameClaim} is ${username === undefined ? 'missing' : 'no name of 1 to 100 letters, digits, and . _ @ - after the first'}`,
    )
  return { username, role: roleOf(claimOf(claims, rules.roleClaim), rules), subject: sub }
}

function roleOf(claim: unknown, { roleClaim, roleMap }: ClaimRules): Role {
  const said = (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === 'string')
  const role = roles.findLast((each) =>
    said.some((value) => (roleMap ? Object.hasOwn(roleMap, value) && roleMap[value] === each : value === each)),
  )
  if (role) return role
  throw new OidcRefusal(
    'no_role',
    `the claim ${roleClaim} ${claim === undefined ? 'is missing' : 'names no role that is known here'}`,
  )
}

/** A claim by its own name, which may have dots in it, else by its path. */
function claimOf(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name)
          ? (at as Record<string, unknown>)[name]
          : undefined,
      claims,
    )
}
