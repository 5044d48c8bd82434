import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { roles } from '../access/roles.ts'
import { parseUserEntries, UserEntryError, weaknessOfPassword, type UserEntry } from '../access/user-entries.ts'
import { EnvironmentError, isProduction, type Environment } from './environment.ts'
import { openSecrets, writeAtomically } from './secrets.ts'
import { StartError } from './start-error.ts'

/** Who may log in, and what signs the tokens, as Node-RED's process is told. */
export interface Users {
  readonly AUTH_USERS: string
  readonly JWT_SECRET: string
  /** Users that were made up just now, and where they stand: to be shown once. */
  readonly made?: { readonly path: string; readonly entries: readonly UserEntry[] }
}

/** @throws EnvironmentError in production if AUTH_USERS or JWT_SECRET is missing */
export function requireUsers(environment: Environment): void {
  if (!isProduction(environment)) return
  const { AUTH_USERS, JWT_SECRET } = environment
  if (AUTH_USERS === undefined) throw missing('AUTH_USERS', 'a JSON array of {"username", "password", "role"}')
  if (JWT_SECRET === undefined) throw missing('JWT_SECRET', 'a random text of 32 characters or more')
}

/**
 * The users of the environment; outside production, where it names none, those of `users.json` in the data directory: one a
 * role, made up at the first start, and readable by the running user only.
 * @throws StartError if users.json is there but cannot be used
 */
export function openUsers(environment: Environment, dataDir: string): Users {
  const { AUTH_USERS, JWT_SECRET } = environment
  const secret = JWT_SECRET ?? openSecrets(dataDir).tokens
  if (AUTH_USERS !== undefined) return { AUTH_USERS, JWT_SECRET: secret }
  const path = join(dataDir, 'users.json')
  const known = readKnown(path)
  if (known !== undefined) return { AUTH_USERS: known, JWT_SECRET: secret }
  const entries = roles.map((role) => ({ username: role, password: newPassword(), role }))
  const text = JSON.stringify(entries, null, 2)
  writeAtomically(path, `${text}\n`, 0o600)
  return { AUTH_USERS: text, JWT_SECRET: secret, made: { path, entries } }
}

const missing = (name: string, what: string): EnvironmentError =>
  new EnvironmentError(name, `is not set: production takes ${what}`)

function readKnown(path: string): string | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new StartError(`${path} cannot be read (${code})`)
  }
  try {
    parseUserEntries(text, false)
    return text
  } catch (error) {
    if (error instanceof UserEntryError) throw new StartError(`${path} ${error.message}`)
    throw error
  }
}

/** Without what is easily mistaken for something else. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Four groups of five, about 115 bits: to be typed from a screen. */
function newPassword(): string {
  for (;;) {
    const group = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
    const password = [group(), group(), group(), group()].join('-')
    if (weaknessOfPassword(password) === undefined) return password
  }
}
