import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { DeviceAbilities } from '../platform/wire/command-device.ts'
import { commandTypesOf } from './commanded.ts'
import type { FieldDevice } from './conditions.ts'
import { UsageError } from './usage-error.ts'

/** How devices differ in what they can do with commands. */
export interface CommandSettings {
  /** Names of devices that keep no ledger; `all`: none does. */
  readonly withoutLedger: ReadonlySet<string> | 'all'
  /** Keys of devices that check signatures, by name. */
  readonly keys: ReadonlyMap<string, Buffer>
}

export const usualCommands: CommandSettings = { withoutLedger: new Set(), keys: new Map() }

/** What a device of the field can do with commands. */
export function abilitiesOf(
  { id, kind }: Pick<FieldDevice, 'id' | 'kind'>,
  settings: CommandSettings,
): DeviceAbilities {
  const { withoutLedger, keys } = settings
  const key = keys.get(id)
  return {
    ...{ deviceId: id, types: commandTypesOf[kind], expiry: true, select: kind === 'switch' },
    ledger: withoutLedger !== 'all' && !withoutLedger.has(id),
    ...(key && { isSigned: (text: string, signature: string) => isSignedWith(key, text, signature) }),
  }
}

function isSignedWith(key: Buffer, text: string, signature: string): boolean {
  const [right, given] = [createHmac('sha256', key).update(text).digest(), Buffer.from(signature, 'base64url')]
  return given.length === right.length && timingSafeEqual(given, right)
}

/**
 * Reads a file of keys: `{"sw-001": "…"}`, each as the platform tells it, base64url.
 * @throws UsageError that names file, device and what is wrong
 */
export function readKeys(path: string): ReadonlyMap<string, Buffer> {
  let body: unknown
  try {
    body = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`--command-keys ${path}: ${error instanceof SyntaxError ? 'not JSON' : 'cannot be read'}`)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new UsageError(`--command-keys ${path}: must be an object of keys by device`)
  return new Map(
    Object.entries(body).map(([deviceId, key]: [string, unknown]) => {
      if (typeof key === 'string' && /^[\w-]{43}$/.test(key)) return [deviceId, Buffer.from(key, 'base64url')]
      throw new UsageError(`--command-keys ${path}: of ${deviceId}, must be 32 bytes as base64url`)
    }),
  )
}
