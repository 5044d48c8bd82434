import { clockTopic, writeClock } from '../platform/wire/clock.ts'
import { formatInstant } from '../platform/wire/instant.ts'
import type { Outgoing } from './connection.ts'
import type { ReplayFlags } from './replay-flags.ts'
import { replayer, replayTopic, type Replayed } from './replay-messages.ts'
import type { RecordedRow, Recording, UnreadableRow } from './replay-recording.ts'

/** What the replay of a recording came to. */
export interface ReplayCounts {
  sent: number
  /** Rows that were passed over, by reason. */
  readonly skipped: Map<string, number>
  /** The instant that was sent last, UTC milliseconds. */
  at: number | undefined
}

/** What it takes beside a connection. */
export interface ReplayMeans {
  /** Resolves when so much time has passed since the replay began, ms; earlier when it is stopped. */
  untilMs(passed: number): Promise<void>
  /** UTC milliseconds of the wall. */
  now(): number
  /** Told of each row that cannot be used, in a line. */
  tell(line: string): void
  readonly stopped: AbortSignal
}

/** Takes a message; resolves when there is room for the next one. */
export type Send = (message: Outgoing) => Promise<void>

/** A replay that may begin: flags, file and contract fit. */
export interface Replay {
  /** Grow while it runs. */
  readonly counts: ReplayCounts
  run(send: Send): Promise<void>
}

/**
 * Prepares to send a recording row by row, each when it is due. With the clock, each instant is said before its reading:
 * a platform that follows receives every reading at its own time.
 * @throws UsageError where flags, file and contract do not fit
 */
export function prepareReplay(recording: Recording, flags: ReplayFlags, means: ReplayMeans): Replay {
  const read = replayer(flags, recording)
  const counts: ReplayCounts = { sent: 0, skipped: new Map(), at: undefined }
  let lastRecorded = -Infinity

  function judge(row: RecordedRow | UnreadableRow): Replayed {
    if ('problem' in row) return { is: 'unusable', problem: `line ${row.line}: ${row.problem}` }
    const replayed = read(row)
    if (replayed.is !== 'message') return replayed
    const { recordedAt } = replayed
    if (recordedAt < flags.from || recordedAt >= flags.to) return { is: 'skipped', reason: 'outside --from and --to' }
    if (recordedAt < lastRecorded)
      return { is: 'unusable', problem: `line ${row.line}: ${formatInstant(recordedAt)} is before a row above it` }
    lastRecorded = recordedAt
    return replayed
  }

  const skip = (reason: string): void => void counts.skipped.set(reason, (counts.skipped.get(reason) ?? 0) + 1)

  return {
    counts,
    async run(send) {
      const sendRow = senderOf(flags, means, counts, send)
      for await (const row of recording.rows) {
        if (means.stopped.aborted || counts.sent >= flags.limit) return
        const replayed = judge(row)
        if (replayed.is === 'message') await sendRow(replayed.at, replayed.body)
        else if (replayed.is === 'skipped') skip(replayed.reason)
        else {
          skip('unusable')
          means.tell(replayed.problem)
        }
      }
    },
  }
}

function senderOf(flags: ReplayFlags, means: ReplayMeans, counts: ReplayCounts, send: Send) {
  const topic = replayTopic(flags)
  let first: number | undefined
  let movedBy = 0

  return async (at: number, body: Record<string, unknown>): Promise<void> => {
    if (first === undefined) {
      first = at
      movedBy = flags.startAt === undefined ? 0 : (flags.startAt === 'now' ? means.now() : flags.startAt) - at
    }
    if (flags.speed !== Infinity) await means.untilMs((at - first) / flags.speed)
    if (means.stopped.aborted) return
    const moved = at + movedBy
    if (flags.clock && moved !== counts.at)
      await send({ topic: clockTopic, payload: writeClock({ at: moved, rate: 0 }), retain: true })
    await send({ topic, payload: JSON.stringify({ ...body, timestamp: formatInstant(moved) }), retain: false })
    counts.at = moved
    counts.sent++
  }
}

/** The line at the end: `52694 sent, 10 skipped (10 nothing measured), 0 refused`. */
export function summaryOf({ sent, skipped }: ReplayCounts, refused: number): string {
  const total = [...skipped.values()].reduce((sum, count) => sum + count, 0)
  const reasons = [...skipped].map(([reason, count]) => `${count} ${reason}`).join(', ')
  return `${sent} sent, ${total} skipped${total > 0 ? ` (${reasons})` : ''}, ${refused} refused`
}
