import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf } from '../node/message-of.ts'
import { writeAtomically } from '../runtime/secrets.ts'
import { isIdentifier } from '../wire/fields.ts'
import { isPasswordHash } from './password-hash.ts'

/** Hashes of the passwords of devices, by device. */
export type DeviceHashes = ReadonlyMap<string, string>

/**
 * The file that lets devices in, in the form of mosquitto's password files: the embedded broker reads it, and a
 * mosquitto beside us may. What stands in it is what the database says; it is written anew whenever that changes.
 */
export const devicesFile = (dataDir: string): string => join(dataDir, 'broker', 'devices')

const textOf = (hashes: DeviceHashes): string => [...hashes].map(([device, hash]) => `${device}:${hash}\n`).join('')

/**
 * Makes the file say this, whole or not at all. The group may read it: a mosquitto that runs as another user is in it.
 * @returns whether it said something else before
 */
export function writeDevices(path: string, hashes: DeviceHashes): boolean {
  const text = textOf(hashes)
  if ((readIf(path) ?? '') === text) return false
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 })
  writeAtomically(path, text, 0o640)
  return true
}

/** @returns what the file says; none where there is no file. A line that cannot be understood lets nobody in */
export function readDevices(path: string): DeviceHashes {
  const lines = (readIf(path) ?? '').split('\n').map((line) => line.split(':') as [string, string?])
  return new Map(
    lines.filter((line): line is [string, string] => isIdentifier(line[0]) && isPasswordHash(line[1] ?? '')),
  )
}

export interface Following {
  /** Looks now: who was let in a moment ago need not wait. */
  look(): void
  stop(): void
}

/**
 * Reads the file whenever it has changed: looked at every second, which sees a file that was moved into place too.
 * While it cannot be read, what it said last holds.
 */
export function followDevices(
  path: string,
  changed: (hashes: DeviceHashes) => void,
  log: (line: string) => void,
): Following {
  // Without a file nobody is let in, which needs no telling.
  let seen = '0 0 0'
  let complained = ''
  function look(): void {
    try {
      const { ino, mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { ino: 0, mtimeMs: 0, size: 0 }
      const now = `${ino} ${mtimeMs} ${size}`
      if (now !== seen) changed(readDevices(path))
      seen = now
      complained = ''
    } catch (error) {
      if (messageOf(error) !== complained) log(`the credentials of devices cannot be read: ${messageOf(error)}`)
      complained = messageOf(error)
    }
  }
  look()
  const timer = setInterval(look, 1_000)
  return { look, stop: () => clearInterval(timer) }
}

function readIf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
