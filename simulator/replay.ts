import { setTimeout as sleep } from 'node:timers/promises'
import { formatInstant } from '../platform/wire/instant.ts'
import { brokerOf } from './broker.ts'
import { UsageError } from './usage-error.ts'
import { prepareReplay, summaryOf, type Replay, type ReplayCounts, type ReplayMeans } from './replay-course.ts'
import { readReplayFlags, replayUsage, type ReplayFlags } from './replay-flags.ts'
import { ReplayPublisher } from './replay-publisher.ts'
import { openRecording } from './replay-recording.ts'

/** Rows that cannot be used and are named; beyond it they are only counted. */
const mostNamed = 20
const rowsOfDryRun = 3
const progressMs = 5_000
/** What is under way when it is interrupted may take this long. */
const patienceMs = 3_000
/** Timers hold no more than some weeks. */
const longestTimerMs = 3_600_000

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const say = (line: string): void => print(`[replay] ${line}`)
const warn = (line: string): void => void process.stderr.write(`${line}\n`)

try {
  const flags = readReplayFlags(process.argv.slice(2), process.env)
  if (flags) process.exitCode = await run(flags, stopSignal())
  else process.stdout.write(replayUsage)
} catch (error) {
  warn(`replay: ${(error as Error).message}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

/** @returns the exit code */
async function run(flags: ReplayFlags, stopped: AbortSignal): Promise<number> {
  const recording = await openRecording(flags.file)
  const asked = flags.dryRun
    ? { ...flags, speed: Infinity, limit: Number.isFinite(flags.limit) ? flags.limit : rowsOfDryRun }
    : flags
  const replay = prepareReplay(recording, asked, meansOf(flags.file, stopped))
  return flags.dryRun ? show(replay) : send(replay, flags, stopped)
}

async function show(replay: Replay): Promise<number> {
  await replay.run(async ({ topic, payload }) => print(`${topic} ${payload}`))
  say(`dry run: these are the messages of ${replay.counts.sent} rows, and nothing was sent`)
  return 0
}

async function send(replay: Replay, flags: ReplayFlags, stopped: AbortSignal): Promise<number> {
  const { counts } = replay
  const publisher = await ReplayPublisher.connect(brokerOf(flags.url, process.env), flags.device, stopped, say)
  const progress = reportProgress(counts)
  try {
    await replay.run((message) => publisher.send(message))
  } finally {
    await publisher.close(patienceMs)
    clearInterval(progress)
  }
  if (stopped.aborted) say('interrupted')
  if (flags.clock && counts.at !== undefined) say(`the simulated clock stands at ${formatInstant(counts.at)}`)
  say(summaryOf(counts, publisher.refused))
  return stopped.aborted ? 130 : publisher.refused > 0 ? 1 : 0
}

/** Aborts when somebody interrupts us, when whoever started us has died, or when nobody reads what we print. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(event, stop)
  process.stdout.on('error', stop)
  // The channel to whoever started us is no reason to stay.
  process.channel?.unref()
  return stopping.signal
}

function meansOf(file: string, stopped: AbortSignal): ReplayMeans {
  let began: number | undefined
  let named = 0
  return {
    now: Date.now,
    stopped,
    async untilMs(passed) {
      began ??= performance.now()
      const due = began + passed
      while (performance.now() < due && !stopped.aborted) {
        const left = Math.min(due - performance.now(), longestTimerMs)
        await sleep(left, undefined, { signal: stopped }).catch(unlessAborted)
      }
    },
    tell(problem) {
      if (++named <= mostNamed) warn(`${file} ${problem}`)
      if (named === mostNamed) warn(`${file}: further rows that cannot be used are only counted`)
    },
  }
}

function unlessAborted(error: Error): void {
  if (error.name !== 'AbortError') throw error
}

function reportProgress(counts: ReplayCounts): NodeJS.Timeout {
  let before = { sent: 0, at: performance.now() }
  return setInterval(() => {
    const now = { sent: counts.sent, at: performance.now() }
    const perSecond = ((now.sent - before.sent) * 1_000) / (now.at - before.at)
    before = now
    const instant = counts.at === undefined ? 'waiting' : `at ${formatInstant(counts.at)}`
    say(`${counts.sent} rows sent, ${instant}, ${perSecond.toFixed(perSecond < 10 ? 1 : 0)} rows/s`)
  }, progressMs)
}
