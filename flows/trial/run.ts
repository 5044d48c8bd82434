import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onLines } from '../../platform/runtime/lines.ts'
import { type Assignment, type Item, namedNode, nameOf, type Outcome, type Telling } from './outcome.ts'

export interface RunOptions extends Omit<Assignment, 'activityFile'> {
  /** A tab that does not answer for this long is ended, ms. */
  readonly timeoutMs: number
  readonly progress: (played: number) => void
  /** Ends the run before its time. */
  readonly signal: AbortSignal
}

/**
 * Plays traffic through a tab in a process of its own, which can write to nothing but a temporary folder and is ended
 * when it does not answer any more.
 */
export async function runTrial({ timeoutMs, progress, signal, ...assignment }: RunOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-trial-'))
  const began = performance.now()
  try {
    const file = join(folder, 'assignment.json')
    const activityFile = join(folder, 'active')
    writeFileSync(file, JSON.stringify({ ...assignment, activityFile } satisfies Assignment))
    const items: Item[] = []
    let played = 0
    const rest = await playIn(folder, file, { timeoutMs, signal }, (telling) => {
      if (telling.is === 'items') for (const item of telling.items) items.push(item)
      else if (telling.is === 'alive') progress((played = telling.played))
    })
    const outcome = typeof rest === 'string' ? endedEarly(rest, played, assignment.flows, activityFile) : rest
    return { ...outcome, items, tookMs: Math.round(performance.now() - began) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns what the process told at its end, or why it did not come to it */
function playIn(
  folder: string,
  file: string,
  { timeoutMs, signal }: Pick<RunOptions, 'timeoutMs' | 'signal'>,
  hear: (telling: Telling) => void,
): Promise<Extract<Telling, { is: 'done' }>['rest'] | string> {
  const child = fork(join(import.meta.dirname, 'player.js'), [file], {
    execArgv: ['--permission', '--allow-fs-read=*', `--allow-fs-write=${folder}`],
    // A batch is made up by the player (see Assignment.batchMs): the ingest need not wait for company.
    env: { ...process.env, DATA_DIR: folder, INGEST_BATCH_MS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  const said: string[] = []
  onLines(child.stderr!, (line) => void said.splice(0, said.push(line) > 20 ? 1 : 0))
  return new Promise((resolve, reject) => {
    let heardAt = performance.now()
    let ending: string | undefined
    const end = (why: string): void => {
      ending ??= why
      child.kill('SIGKILL')
    }
    const watch = setInterval(() => {
      if (performance.now() - heardAt > timeoutMs) end(`it did not answer for ${timeoutMs / 1_000} s`)
    }, 100)
    const interrupted = (): void => end('it was interrupted')
    signal.addEventListener('abort', interrupted)
    let done: Extract<Telling, { is: 'done' }>['rest'] | undefined
    child.on('message', (telling: Telling) => {
      heardAt = performance.now()
      if (telling.is === 'done') done = telling.rest
      else hear(telling)
    })
    child.once('error', reject)
    child.once('close', (code, killedBy) => {
      clearInterval(watch)
      signal.removeEventListener('abort', interrupted)
      resolve(done ?? ending ?? [`its process ended (${killedBy ?? code})`, ...said.slice(-3)].join(': '))
    })
  })
}

function endedEarly(
  why: string,
  played: number,
  flows: Assignment['flows'],
  activityFile: string,
): Omit<Outcome, 'items' | 'tookMs'> {
  const nodes = flows.map(namedNode)
  const active = readActive(activityFile)
  const node = nodes.find(({ id }) => id === active)
  const broken = active === '' ? why : `${why}; the last node active was ${node ? nameOf(node) : active}`
  return { played, unheard: 0, nodes, faults: [], unsettled: [], notes: [], broken }
}

function readActive(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    // It ended before it had begun.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
