import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { lowVoltageBands, relativeBands } from '../../nodes/voltage/domain/bands.ts'
import { transgressionOn } from '../../nodes/voltage/domain/transgression.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { rowsOfQuery } from './shown-rows.fixture.ts'
import { bandLimitsOfDevice, bandLines, drcSteps, drpSteps, stepsOf, transgression } from './voltage-limits.ts'

describe('limits of voltage quality', () => {
  it('are those of the rule table', () => {
    assert.equal(transgression, transgressionOn('2026-11-22').value)
    assert.deepEqual(
      [drpSteps, drcSteps].map(([near]) => near!.from),
      [transgression.drpLimitPct / 2, transgression.drcLimitPct / 2],
    )
  })

  it('turn red with the first window beyond, not at the limit', () => {
    const { windows, drpLimitPct } = transgression
    const red = drpSteps[1]!.from
    assert.ok(red > drpLimitPct && (red * windows) / 100 < (drpLimitPct * windows) / 100 + 1.01)
  })

  it('bound each band by every row of the norm', () => {
    const { rawSql } = bandLimitsOfDevice().withLetter('A').build() as unknown as { rawSql: string }
    for (const [nominal, { criticalLow, adequateLow, adequateHigh, criticalHigh }] of Object.entries(
      lowVoltageBands[0]!.value,
    ))
      assert.ok(
        rawSql.includes(`, ${nominal}, true, false, ${criticalLow}, ${adequateLow}, ${adequateHigh}, ${criticalHigh})`),
      )
  })
})

describe('a limit of voltage quality whose rule changes', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const at = Date.parse('2026-11-23T12:00:00Z')

  before(() =>
    test.database.query(
      `insert into device (device_id, kind, status, nominal_voltage_v)
       values ('m-220', 'meter', 'active', 220), ('m-13800', 'meter', 'active', 13800)`,
    ),
  )

  /** What is drawn at the end of what is shown: `bandLines` of a device, V. */
  async function drawn(device: string, ...tables: Parameters<typeof bandLimitsOfDevice>): Promise<unknown[]> {
    const looked = { chosen: { device: [device] }, from: at - 3_600_000, to: at }
    const rows = await rowsOfQuery<Record<string, unknown>>(test.database, bandLimitsOfDevice(...tables), looked)
    return bandLines.map((line) => rows.at(-1)![line])
  }

  it('is drawn by the new one from its first day on', async () => {
    const changed = { criticalLow: 190, adequateLow: 205, adequateHigh: 229, criticalHigh: 235 }
    const from = (validFrom: string) => ({
      lowVoltage: [
        { ...lowVoltageBands[0]!, validTo: '2026-11-20' },
        { validFrom, source: 'a later resolution', value: { 220: changed } },
      ],
      relative: relativeBands,
    })
    assert.deepEqual(await drawn('m-220'), [191, 202, 231, 233])
    assert.deepEqual(await drawn('m-220', from('2026-11-21')), [190, 205, 229, 235])
  })

  it('is drawn as a share of the reference voltage where the norm tells it so', async () => {
    const limits = { criticalLow: 0.5, adequateLow: 0.75, adequateHigh: 1.25, criticalHigh: 1.5 }
    const relative = [{ ...relativeBands[0]!, value: [{ fromV: 2_300, above: true, limits }] }]
    assert.deepEqual(await drawn('m-13800', { lowVoltage: [], relative }), [6_900, 10_350, 17_250, 20_700])
  })

  it('colours DRP and DRC elsewhere', () =>
    assert.deepEqual(
      stepsOf(5, 1_000).map(({ from }) => from),
      [2.5, 5.1],
    ))
})
