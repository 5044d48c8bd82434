import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { isAlive } from './postgres-leftovers.ts'
import { StartError } from './start-error.ts'

export interface DataDirectory {
  /** Whether the last instance was killed and could not tidy up: parts of it may be about to end. */
  readonly wasKilled: boolean
  release(): void
}

/**
 * Makes sure that the data directory can be written and is ours alone until released.
 * @throws StartError if not
 */
export function takeDataDirectory(path: string): DataDirectory {
  const lock = join(path, 'instance.json')
  const mine = JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) })
  let wasKilled = false
  try {
    makeDirectory(path)
    for (let attempt = 0; ; attempt++) {
      try {
        writeFileSync(lock, mine, { flag: 'wx' })
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error
      }
      const holder = holderOf(lock)
      if (holder !== undefined)
        throw new StartError(`DATA_DIR ${path} is in use by another instance (pid ${holder}): stop it, or set DATA_DIR`)
      wasKilled = true
      rmSync(lock, { force: true })
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `DATA_DIR ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
    )
  }
  return {
    wasKilled,
    release: () => {
      if (readLock(lock) === mine) rmSync(lock, { force: true })
    },
  }
}

/** The pid in a lock if that process still runs, and is the one that wrote it: numbers come round again, after a reboot at the latest. */
function holderOf(lock: string): number | undefined {
  let held: { pid?: unknown; began?: unknown }
  try {
    held = JSON.parse(readLock(lock) ?? '{}') as typeof held
  } catch (error) {
    // Half written: its writer was killed.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (typeof held.pid !== 'number' || !isAlive(held.pid)) return undefined
  return beginningOf(held.pid) === held.began ? held.pid : undefined
}

function readLock(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** When a process began, in whatever way the system tells it: two processes of the same number differ in it. */
function beginningOf(pid: number): string {
  if (process.platform === 'linux') {
    // Field 22, counted after the name, which may contain anything. Boots differ too.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readLock(`/proc/${pid}/stat`) ?? ''
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
  }
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
}

/** Step by step: Node's own recursive mkdir never ends below a folder that is there and takes no new ones, as /proc. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    makeDirectory(dirname(path))
    mkdirSync(path)
  }
}
