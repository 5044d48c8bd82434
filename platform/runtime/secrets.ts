import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What is made up at the first start and must be the same ever after. */
export interface Secrets {
  readonly databaseSuperuser: string
  readonly databaseOwner: string
  readonly databaseRunning: string
  /** Encrypts the credentials of flows where CREDENTIAL_SECRET is not set. */
  readonly credential: string
  /** Signs the tokens of logged in users where JWT_SECRET is not set. */
  readonly tokens: string
  /** The keys by which devices know commands are derived of it, where COMMAND_SIGNING_SECRET is not set. */
  readonly commandSigning: string
  /** Passwords of the embedded broker's users, where the environment gives none. */
  readonly mqttPlatform: string
  readonly mqttDispatcher: string
  readonly mqttFlows: string
  readonly mqttField: string
  /** The key that signs the head of the audit comes from it. */
  readonly auditAnchors: string
}

const random = (): string => randomBytes(24).toString('base64url')

export const newSecrets = (): Secrets => ({
  databaseSuperuser: random(),
  databaseOwner: random(),
  databaseRunning: random(),
  credential: random(),
  tokens: random(),
  commandSigning: random(),
  mqttPlatform: random(),
  mqttDispatcher: random(),
  mqttFlows: random(),
  mqttField: random(),
  auditAnchors: random(),
})

/**
 * The secrets of a data directory, made at the first call; readable by the running user only.
 * @throws Error if `secrets.json` is there but cannot be read or understood: making new ones would lock us out of the database
 */
export function openSecrets(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json')
  const known = readKnown(path)
  const fresh = newSecrets()
  const secrets = { ...fresh, ...known }
  if (Object.keys(fresh).some((name) => known[name] === undefined))
    writeAtomically(path, JSON.stringify(secrets, null, 2) + '\n', 0o600)
  return secrets
}

/** Makes a secret of another system the one of this data directory. */
export function adoptSecret(dataDir: string, name: keyof Secrets, secret: string): void {
  const secrets = { ...openSecrets(dataDir), [name]: secret }
  writeAtomically(join(dataDir, 'secrets.json'), JSON.stringify(secrets, null, 2) + '\n', 0o600)
}

function readKnown(path: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (
      typeof parsed === 'object' &&
      parsed !== null &&
      Object.values(parsed).every((value) => typeof value === 'string')
    ) {
      return parsed as Record<string, string>
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new Error(
    `${path} is damaged: restore it from a backup, for it opens the database and the credentials of the flows`,
  )
}

/** Replaces a file so that after a crash either the old or the new content is there, whole. */
export function writeAtomically(path: string, content: string, mode: number): void {
  const temporary = `${path}.${process.pid}.tmp`
  const file = openSync(temporary, 'w', mode)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  // The rename is durable only once the folder is; Windows cannot open one, and does not need to.
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
