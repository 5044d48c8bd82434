import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import type { Outgoing } from './connection.ts'
import { prepareReplay, summaryOf } from './replay-course.ts'
import { readReplayFlags } from './replay-flags.ts'
import type { UnreadableRow } from './replay-recording.ts'

const newYear = Date.UTC(2008, 0, 1)
const minute = 60_000
const wall = Date.UTC(2026, 10, 21)

describe('a replay', () => {
  let sent: Outgoing[]
  let waited: number[]
  let told: string[]
  let stopping: AbortController
  beforeEach(() => {
    sent = []
    waited = []
    told = []
    stopping = new AbortController()
  })

  /** Rows a line each, from line 2: minutes after new year, and volts. */
  function prepare(rows: ([minutes: number, volts: string] | UnreadableRow)[], flags: string[] = []) {
    const read = readReplayFlags(
      [
        ...['--file', 'f.csv', '--device', 'm-1', '--map', 'va_v=v'],
        ...['--set', 'interval_s=60,aggregation=mean', ...flags],
      ],
      {},
    )!
    async function* recorded() {
      for (const [index, row] of rows.entries())
        yield Array.isArray(row)
          ? { line: index + 2, cells: [new Date(newYear + row[0] * minute).toISOString(), row[1]] }
          : row
    }
    return prepareReplay({ header: ['timestamp', 'v'], decimalMark: '.', rows: recorded() }, read, {
      untilMs: async (passed) => void waited.push(passed),
      now: () => wall,
      tell: (line) => told.push(line),
      stopped: stopping.signal,
    })
  }
  const send = async (message: Outgoing): Promise<void> => void sent.push(message)
  async function run(...args: Parameters<typeof prepare>) {
    const replay = prepare(...args)
    await replay.run(send)
    return replay.counts
  }
  const bodies = (topic: string) =>
    sent
      .filter((message) => message.topic === topic)
      .map(({ payload }) => JSON.parse(payload) as { [key: string]: unknown })
  const instants = () => bodies('grid/meters/m-1/readings').map(({ timestamp }) => Date.parse(String(timestamp)))

  it('says each instant once, before its readings, and stands still there', async () => {
    await run(
      [
        [0, '230'],
        [0, '230'],
        [10, '231'],
      ],
      ['--speed', 'max'],
    )
    assert.deepEqual(
      sent.map(({ topic, retain }) => [topic, retain]),
      [
        ['sim/clock', true],
        ['grid/meters/m-1/readings', false],
        ['grid/meters/m-1/readings', false],
        ['sim/clock', true],
        ['grid/meters/m-1/readings', false],
      ],
    )
    assert.deepEqual(
      bodies('sim/clock'),
      [newYear, newYear + 10 * minute].map((at) => ({ at: new Date(at).toISOString(), rate: 0 })),
    )
    assert.deepEqual(waited, [])
  })

  it('sends each row when it is due: as recorded, or so many times faster', async () => {
    const rows: [number, string][] = [
      [5, '230'],
      [6, '230'],
      [8, '230'],
    ]
    await run(rows)
    assert.deepEqual(waited, [0, minute, 3 * minute])
    assert.deepEqual(bodies('sim/clock'), [])
    waited = []
    await run(rows, ['--speed', '60'])
    assert.deepEqual(waited, [0, 1_000, 3_000])
  })

  it('begins anew where it is told to, and keeps the pace of the recording', async () => {
    await run(
      [
        [5, '230'],
        [6, '231'],
      ],
      ['--start-at', 'now'],
    )
    assert.deepEqual(instants(), [wall, wall + minute])
    sent = []
    await run(
      [
        [5, '230'],
        [6, '231'],
      ],
      ['--start-at', '2020-01-01T00:00:00Z'],
    )
    assert.deepEqual(instants(), [Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 1) + minute])
  })

  it('takes the rows from one instant up to the other, and no more than it is told', async () => {
    const rows = [0, 1, 2, 3, 4].map((n): [number, string] => [n, '230'])
    const between = ['--from', '2008-01-01T00:01:00Z', '--to', '2008-01-01T00:04:00Z']
    const counts = await run(rows, between)
    assert.deepEqual(
      instants(),
      [1, 2, 3].map((n) => newYear + n * minute),
    )
    assert.equal(summaryOf(counts, 0), '3 sent, 2 skipped (2 outside --from and --to), 0 refused')
    sent = []
    await run(rows, [...between, '--limit', '2'])
    assert.equal(sent.length, 2)
  })

  it('goes on after rows that cannot be used, counts them and tells where they stand', async () => {
    const rows: Parameters<typeof prepare>[0] = [
      ...([
        [1, '230'],
        [2, ''],
        [3, 'x'],
        [0, '230'],
      ] as [number, string][]),
      { line: 6, problem: 'has 1 cells where the header has 2' },
      [4, '231'],
    ]
    const counts = await run(rows)
    assert.equal(summaryOf(counts, 1), '2 sent, 4 skipped (1 nothing measured, 3 unusable), 1 refused')
    assert.deepEqual(told, [
      'line 4: v is "x", no number',
      'line 5: 2008-01-01T00:00:00.000Z is before a row above it',
      'line 6: has 1 cells where the header has 2',
    ])
    assert.deepEqual(instants(), [newYear + minute, newYear + 4 * minute])
  })

  it('ends between two rows when it is stopped', async () => {
    const replay = prepare([
      [0, '230'],
      [1, '230'],
      [2, '230'],
    ])
    await replay.run(async (message) => {
      sent.push(message)
      stopping.abort()
    })
    assert.equal(replay.counts.sent, 1)
    assert.equal(replay.counts.at, newYear)
  })
})

describe('the line at its end', () => {
  it('says what became of every row', () => {
    const none = { sent: 3, skipped: new Map(), at: undefined }
    assert.equal(summaryOf(none, 0), '3 sent, 0 skipped, 0 refused')
  })
})
