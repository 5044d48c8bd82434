import { roles, type Role } from './roles.ts'

/** A user as AUTH_USERS names it. */
export interface UserEntry {
  readonly username: string
  /** Plain, or a hash that says so by its form. */
  readonly password: string
  readonly role: Role
}

/** An entry that cannot be used. The message is one line, names entry and field, and shows no password. */
export class UserEntryError extends Error {
  override readonly name = 'UserEntryError'
}

const mostEntries = 200
const bcryptCosts = { least: 10, most: 12 }
const secretLength = 32

/**
 * The users of AUTH_USERS: a JSON array of `{username, password, role}`, where instead of `password` there may be
 * `passwordHash`, and where `password` may be a hash itself.
 * @param strict whether plain passwords must be strong ones, as in production
 * @throws UserEntryError at the first thing that is wrong
 */
export function parseUserEntries(text: string, strict: boolean): readonly UserEntry[] {
  const list = parseArray(text)
  const entries = list.map((entry, index) => parseEntry(entry, `entry ${index + 1}`, strict))
  const seen = new Map<string, number>()
  for (const [index, { username }] of entries.entries()) {
    const first = seen.get(username.toLowerCase())
    if (first !== undefined)
      throw new UserEntryError(`entry ${index + 1}: username ${quote(username)} is also that of entry ${first}`)
    seen.set(username.toLowerCase(), index + 1)
  }
  if (!entries.some(({ role }) => role === 'admin'))
    throw new UserEntryError('names no user with the role admin: nobody could administer')
  return entries
}

/** What a user's name is made of: what can be read aloud, logged and put into an address. */
export const usernamePattern = '^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$'

/**
 * What a strong password has: 12 characters or more, a lower and an upper case letter, a number and a symbol.
 * @returns what is missing, in words; undefined when it is strong
 */
export function weaknessOfPassword(password: string): string | undefined {
  const missing = [
    ...(Array.from(password).length < 12 ? ['12 characters'] : []),
    ...(/\p{Ll}/u.test(password) ? [] : ['a lower case letter']),
    ...(/\p{Lu}/u.test(password) ? [] : ['an upper case letter']),
    ...(/\p{Nd}/u.test(password) ? [] : ['a number']),
    ...(/[^\p{L}\p{N}\s]/u.test(password) ? [] : ['a symbol']),
  ]
  return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`
}

/** @returns why somebody could guess the secret that signs tokens; undefined when it is good */
export function weaknessOfSecret(secret: string): string | undefined {
  if (secret.length < secretLength) return `has ${secret.length} characters: it takes ${secretLength} or more`
  if (new Set(secret).size < 10 || isRepetition(secret)) return 'repeats itself: it takes a random one'
  return undefined
}

/**
 * What is wrong with a hash of a password; undefined where nothing is. Ours (`$scrypt$<salt>$<key>`), and bcrypt's at a cost
 * that neither an attacker nor this server finds too cheap.
 */
export function faultOfHash(hash: string): string | undefined {
  if (/^\$scrypt\$[\w-]{22,86}\$[\w-]{43,86}$/.test(hash)) return undefined
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1]
  if (cost === undefined) return 'is a hash of no known form: $scrypt$… and bcrypt ($2a$, $2b$, $2y$) are known'
  const { least, most } = bcryptCosts
  if (Number(cost) >= least && Number(cost) <= most) return undefined
  return `is a bcrypt hash of cost ${Number(cost)}: it takes ${least} to ${most}`
}

/** Whether a text is meant to be a hash: no password that people think of begins so. */
export const looksLikeHash = (text: string): boolean => /^\$[\w-]+\$/.test(text)

function parseArray(text: string): unknown[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    // What JSON.parse says quotes from the text.
    throw new UserEntryError('is no JSON: it takes an array of {"username", "password", "role"}')
  }
  if (!Array.isArray(list)) throw new UserEntryError('is no array: it takes [{"username", "password", "role"}, …]')
  if (list.length === 0) throw new UserEntryError('is an empty array: it takes one user at least')
  if (list.length > mostEntries) throw new UserEntryError(`has ${list.length} entries: it takes ${mostEntries} at most`)
  return list
}

function parseEntry(entry: unknown, place: string, strict: boolean): UserEntry {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new UserEntryError(`${place} is no object: it takes {"username", "password", "role"}`)
  const fields = entry as Record<string, unknown>
  const unknownField = Object.keys(fields).find(
    (name) => !['username', 'password', 'passwordHash', 'role'].includes(name),
  )
  if (unknownField !== undefined) throw new UserEntryError(`${place}: ${quote(unknownField)} is no field of a user`)
  const { username, role } = fields
  if (typeof username !== 'string' || !new RegExp(usernamePattern).test(username))
    throw new UserEntryError(
      `${place}: username ${shown(username)} takes 1 to 100 letters, digits, and . _ @ - after the first`,
    )
  const whose = `${place} (${username})`
  if (!isRole(role)) throw new UserEntryError(`${whose}: role ${shown(role)} is none of ${roles.join(', ')}`)
  return { username, password: parsePassword(fields, whose, strict), role }
}

function parsePassword(fields: Record<string, unknown>, whose: string, strict: boolean): string {
  const { password, passwordHash } = fields
  if (password !== undefined && passwordHash !== undefined)
    throw new UserEntryError(`${whose}: password and passwordHash are both given: it takes one of the two`)
  const field = passwordHash === undefined ? 'password' : 'passwordHash'
  const value = passwordHash ?? password
  if (typeof value !== 'string' || value === '') throw new UserEntryError(`${whose}: ${field} is missing`)
  if (value.length > 1_000) throw new UserEntryError(`${whose}: ${field} is longer than 1000 characters`)
  if (field === 'passwordHash' || looksLikeHash(value)) {
    const fault = faultOfHash(value)
    if (fault !== undefined) throw new UserEntryError(`${whose}: ${field} ${fault}`)
    return value
  }
  const weakness = strict ? weaknessOfPassword(value) : undefined
  if (weakness !== undefined)
    throw new UserEntryError(`${whose}: password is too weak: it ${weakness} (a hash can be given instead)`)
  return value
}

const isRole = (value: unknown): value is Role => roles.some((role) => role === value)

/** A text that is one shorter text again and again. */
const isRepetition = (text: string): boolean => (text + text).indexOf(text, 1) < text.length

const shown = (value: unknown): string =>
  value === undefined ? 'is missing: it' : typeof value === 'string' ? `is ${quote(value)}: it` : 'is no text: it'

const quote = (value: string): string => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
