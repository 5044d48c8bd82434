import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Ends what an earlier start left running on this data directory: PostgreSQL outlives a supervisor that was killed, and its workers can
 * outlive a postmaster that was killed. Nothing but processes of this very data directory is touched.
 * @returns whether something was running
 */
export async function stopLeftovers(dataDirectory: string, log: (line: string) => void): Promise<boolean> {
  if (!existsSync(dataDirectory)) return false
  const pidFile = join(dataDirectory, 'postmaster.pid')
  const recorded = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]) : 0
  const left = processesOf(dataDirectory, recorded)
  if (left.length === 0) {
    // A dead process's file stays: with it PostgreSQL checks for orphans that still hold its memory. One whose number now belongs to
    // another program would stop it from starting.
    if (recorded > 0 && isAlive(recorded)) rmSync(pidFile)
    return false
  }
  log(`a PostgreSQL of an earlier start is still running (pid ${left.join(', ')}): stopping it`)
  const postmaster = left.includes(recorded) ? recorded : undefined
  for (const [signal, patienceMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    // The postmaster ends its workers by itself; without one they have to be told.
    for (const pid of signal !== 'SIGKILL' && postmaster ? [postmaster] : left) send(pid, signal)
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (!left.some((pid) => isAlive(pid) && isPostgresOf(pid, dataDirectory))) return true
      await sleep(50)
    }
  }
  throw new Error(`the PostgreSQL of an earlier start (pid ${left.join(', ')}) does not end: end it, then start again`)
}

/** Whether a process runs. One that has ended and that nobody has taken note of (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isZombie(pid: number): boolean {
  const status = `/proc/${pid}/stat`
  // The state follows the program's name, which stands in parentheses and may hold anything.
  return existsSync(status) && readFileSync(status, 'utf8').split(') ').at(-1)?.startsWith('Z') === true
}

/** Sends a signal to a process that may have ended by itself meanwhile. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function processesOf(dataDirectory: string, recorded: number): number[] {
  const candidates = existsSync('/proc/self/cwd')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    : recorded > 0
      ? [recorded]
      : []
  return candidates.filter((pid) => isPostgresOf(pid, dataDirectory))
}

/** Every process of PostgreSQL works in its data directory; on systems without /proc the command line has to tell. */
function isPostgresOf(pid: number, dataDirectory: string): boolean {
  if (existsSync('/proc/self/cwd')) {
    try {
      return (
        readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDirectory) &&
        /postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      )
    } catch (error) {
      // It ended while we looked, is a zombie, or is somebody else's: in none of these cases is it ours to stop.
      if (['ENOENT', 'EACCES', 'EPERM', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
      throw error
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return /postgres/.test(stdout) && stdout.includes(dataDirectory)
}
