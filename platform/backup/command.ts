import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Environment } from '../runtime/environment.ts'
import { installation } from '../runtime/installation.ts'
import type { FilePlaces } from './files.ts'

/** Errors that say in one line what is wrong with what was asked; everything else failed on the way. */
const askedWrongly = new Set(['EnvironmentError', 'BadFlag', 'StartError', 'NotEmpty', 'NoDatabase', 'BadArgument'])

/** A command line that cannot be understood. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument'
}

export const tell = (line: string): void => void process.stderr.write(`${line}\n`)

/** Runs a command of the command line: its errors are one line, and its exit code (2: asked wrongly, 1: failed). */
export async function runCommand(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { name: kind, message, code } = error as NodeJS.ErrnoException
    tell(`${name}: ${message || code || kind}`)
    process.exitCode = askedWrongly.has(kind) || String(code).startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
}

export const placesOf = (environment: Environment): FilePlaces => {
  const { FLOWS_DIR, DATA_DIR, CREDENTIAL_SECRET, COMMAND_SIGNING_SECRET } = environment
  return {
    flowsDir: resolve(FLOWS_DIR ?? join(installation, 'flows')),
    userDir: join(resolve(DATA_DIR), 'node-red'),
    dataDir: resolve(DATA_DIR),
    ownSecrets: [
      ...(CREDENTIAL_SECRET === undefined ? ['credential' as const] : []),
      ...(COMMAND_SIGNING_SECRET === undefined ? ['commandSigning' as const] : []),
    ],
  }
}

export async function releaseOfThis(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(installation, 'package.json'), 'utf8')) as { version: string }
  return version
}

/** An instant as part of a file name. */
export const stampOf = (now: number): string => new Date(now).toISOString().replaceAll(':', '-').replace('.', '-')
