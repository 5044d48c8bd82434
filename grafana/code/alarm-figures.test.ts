import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { floods } from '../../nodes/alarms/domain/kpis/floods.ts'
import { targets, verdictOf, type FigureName } from '../../nodes/alarms/domain/kpis/key-figures.ts'
import { shareOfTime } from '../../nodes/alarms/domain/kpis/rates.ts'
import { figureSteps, floodShare } from './alarm-figures.ts'
import { useOwnTables } from './own-tables.fixture.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'
import { colours } from './thresholds.ts'

/** The colour that Grafana gives a value. */
function colourOf(name: FigureName, value: number): string {
  const { steps, below } = figureSteps(name)
  return steps.findLast(({ from }) => value >= from)?.colour ?? below
}

describe('colours of key figures', () => {
  for (const name of Object.keys(targets) as FigureName[])
    it(`${name} is green exactly where its target is met`, () => {
      const { good, most } = targets[name]
      for (const value of [good - 0.5, good, good + 0.5, most, most + 1, 2 * most + 5])
        assert.equal(colourOf(name, value) === colours.good, verdictOf(value, targets[name]) === 'met', String(value))
    })
})

describe('time in floods, in SQL', function () {
  this.timeout(60_000)
  const database = useOwnTables(`
    create temp table alarm (alarm_id bigint, area text, feeder_id text);
    create temp table alarm_occurrence_report (alarm_id bigint, at timestamptz, annunciated boolean);
    insert into alarm values (1, 'telemetry', null)`)

  const minuteMs = 60_000
  const from = Date.UTC(2026, 10, 22)
  const until = from + 180 * minuteMs
  const looked = { chosen: { area: ['telemetry'], feeder: [''] }, from, to: until }
  /** How many alarms came in some minutes of three hours: now and then, or in bursts. */
  const counts = fc.uniqueArray(
    fc.record({ place: fc.integer({ min: 0, max: 178 }), alarms: fc.integer({ min: 1, max: 12 }) }),
    { selector: ({ place }) => place, maxLength: 60 },
  )

  it('is what the alarms area counts (property)', async () => {
    await fc.assert(
      fc.asyncProperty(counts, async (came) => {
        const minutes = came
          .map(({ place, alarms }) => ({ minute: from + place * minuteMs, alarms }))
          .toSorted((one, other) => one.minute - other.minute)
        await database.query('truncate alarm_occurrence_report')
        await database.query(
          `insert into alarm_occurrence_report
           select 1, to_timestamp(minute / 1000) + interval '7 seconds', true
           from unnest($1::float8[], $2::integer[]) as came (minute, alarms), generate_series(1, alarms)`,
          [minutes.map(({ minute }) => minute), minutes.map(({ alarms }) => alarms)],
        )
        const [row] = await rowsOfSql<Record<string, string>>(database, floodShare, looked)
        const counted = 100 * shareOfTime(floods(minutes, until), from, until)
        assert.ok(Math.abs(Number(row!['Em avalanche']) - counted) < 1e-6, `${row!['Em avalanche']} and ${counted}`)
      }),
    )
  })
})
