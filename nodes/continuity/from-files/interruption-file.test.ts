import assert from 'node:assert/strict'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { interruptionColumns, readInterruptions } from './interruption-file.ts'
import { fileOf } from './row.fixture.ts'
import { readUnits } from './unit-file.ts'

const header = [...interruptionColumns.required, ...interruptionColumns.optional].join(',')
const { dayOf } = civilDaysIn('America/Sao_Paulo')

/** Cells by the names of their columns. */
const line = (cells: Readonly<Record<string, string>>): string =>
  header
    .split(',')
    .map(
      (name) => ({ unit_id: 'U1', start: '2026-03-02T10:00:00Z', end: '2026-03-02T12:00:00Z', ...cells })[name] ?? '',
    )
    .join(',')

async function read(...rows: Readonly<Record<string, string>>[]) {
  const { units } = await readUnits(fileOf('unit_id,conjunto_id,voltage_class', 'U1,C1,BT', 'U2,C1,BT'))
  return readInterruptions(fileOf(header, ...rows.map(line)), units, (_, instant) => dayOf(instant))
}
const announced = {
  announced_from: '2026-03-02T09:00:00Z',
  announced_until: '2026-03-02T13:00:00Z',
  warned_at: '2026-02-20T00:00:00Z',
}

describe('a file of interruptions', () => {
  it('says when units were out, and of what', async () => {
    const { outages, facts, idOf } = await read(
      { interruption_id: 'I', event_id: 'E', programmed: 'true', origin: 'external', ...announced },
      {
        interruption_id: 'I',
        event_id: 'E',
        programmed: 'true',
        origin: 'external',
        ...announced,
        unit_id: 'U2',
        end: '',
      },
    )
    const start = Date.UTC(2026, 2, 2, 10)
    assert.deepEqual(
      [...outages.byUnit(2, idOf)],
      [
        [0, [{ unitId: '', interruptionId: 1, from: start, until: start + 7_200_000 }]],
        [1, [{ unitId: '', interruptionId: 1, from: start, until: null }]],
      ],
    )
    assert.deepEqual(
      [...facts.values()],
      [
        {
          ...{ interruptionId: 1, eventId: 1, name: 'I', startedAt: start, origin: 'external', programmed: true },
          announced: { from: start - 3_600_000, until: start + 3 * 3_600_000, warnedAt: Date.UTC(2026, 1, 20) },
          exclusions: [],
        },
      ],
    )
  })

  it('numbers interruptions by what they are, wherever their rows stand', async () => {
    const rows = [
      { interruption_id: 'B', event_id: 'E' },
      { interruption_id: 'A', event_id: 'E', unit_id: 'U2' },
      { start: '2026-03-01T10:00:00Z' },
      { start: '2026-03-01T10:00:00Z', unit_id: 'U2' },
      { interruption_id: 'A', event_id: 'E', exclusion: 'suspension' },
    ]
    const [one, other] = [await read(...rows), await read(...rows.toReversed())]
    assert.deepEqual([...one.facts], [...other.facts])
    assert.equal(one.facts.size, 4)
    assert.equal(new Set([...one.facts.values()].map(({ eventId }) => eventId)).size, 2)
  })

  it('begins an interruption with the first of its units', async () => {
    const { facts } = await read({ interruption_id: 'A' }, { interruption_id: 'A', start: '2026-03-02T08:00:00Z' })
    assert.equal(facts.get(1)!.startedAt, Date.UTC(2026, 2, 2, 8))
  })

  it('makes a day critical for the conjunto, in its civil time', async () => {
    const { criticalDays } = await read(
      { critical_day: 'true', start: '2026-03-02T01:00:00Z' },
      { critical_day: 'false' },
    )
    assert.deepEqual(
      [...criticalDays].map(([conjunto, days]) => [conjunto, ...days]),
      [['C1', '2026-03-01']],
    )
  })

  for (const [rows, message] of [
    [[{ unit_id: 'U9' }], 'line 2: unit_id "U9" is none of the file of units'],
    [[{ start: '' }], 'line 2: start "" is empty'],
    [[{ start: 'yesterday' }], /^line 2: start "yesterday" is neither ISO 8601 with an offset/],
    [[{ end: '2026-03-02T09:00:00Z' }], /^line 2: end "2026-03-02T09:00:00Z" is before the start, 2026-03-02T10/],
    [[{ programmed: 'x' }], 'line 2: programmed "x" is not true or false'],
    [[{ origin: 'x' }], 'line 2: origin "x" is not internal or external'],
    [[{ exclusion: 'storm' }], /^line 2: exclusion "storm" is not unit-installation or unit-interest or emergency/],
    [
      [{ ...announced, warned_at: '' }],
      'line 2: warned_at "" is empty where another part of the announcement is given',
    ],
    [
      [{ ...announced, announced_until: announced.announced_from }],
      /^line 2: announced_until ".*" is not after announced_from/,
    ],
    [
      [{ interruption_id: 'A' }, { interruption_id: 'A', programmed: 'true' }],
      'line 3: programmed "true" is not what line 2 says of interruption A',
    ],
  ] as [Record<string, string>[], string | RegExp][])
    it(String(message), () => assert.rejects(read(...rows), { name: 'FileError', message }))
})
