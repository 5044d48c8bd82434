import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { PanelSample } from '../domain/plant.ts'
import { readRefused, withRefused } from './refused-readings.ts'
import { juneBegins } from './seeded-plant.fixture.ts'

const minuteMs = 60_000
const noon = juneBegins + 12 * 3_600_000
const reading = (panelId: string, celsius: number): string =>
  JSON.stringify({
    ...{ panel_id: panelId, temperature_celsius: celsius, voltage_volts: 40.1, current_amperes: 7 },
    power_output_watts: 280.7,
  })

describe('readings of panels that were refused for their values', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    for (const [panelId, at, reason, payload] of [
      ['p-1', noon + minuteMs, 'out_of_range', reading('p-1', 150)],
      ['p-1', noon + 2 * minuteMs, 'out_of_range', reading('p-1', 151)],
      ['p-1', noon + 6 * minuteMs, 'out_of_range', reading('p-1', 152)],
      ['p-1', noon + 20 * minuteMs, 'out_of_range', reading('p-1', 153)],
      ['p-2', noon + minuteMs, 'bad_json', '{'],
      ['other', noon + minuteMs, 'out_of_range', reading('other', 150)],
    ] as const)
      await test.database.query(
        `insert into quarantine (received_at, reason, device_id, topic, detail, payload)
         values (to_timestamp($1::float8 / 1000), $2, $3, 'sensors/x/readings', 'x', convert_to($4, 'UTF8'))`,
        [at, reason, panelId, payload],
      )
  })

  it('are known by panel and slot, the newest of each', async () => {
    const refused = await readRefused(test.database, ['p-1', 'p-2'], noon, noon + 15 * minuteMs)
    assert.deepEqual(
      [...refused].map(([at, samples]) => [(at - noon) / minuteMs, [...samples.keys()]]),
      [
        [0, ['p-1']],
        [5, ['p-1']],
      ],
    )
    assert.deepEqual(refused.get(noon)!.get('p-1'), {
      ...{ at: noon, temperatureC: 151, voltageV: 40.1, currentA: 7, powerW: 280.7, samples: 1 },
      irradianceWm2: null,
    })
  })

  it('stand only where a panel sent nothing else', () => {
    const sample = (at: number, temperatureC: number): PanelSample => ({
      ...{ at, temperatureC, voltageV: 40, currentA: 7, powerW: 280, samples: 300, irradianceWm2: null },
    })
    const slots = new Map([[0, new Map([['p-1', sample(0, 45)]])]])
    const refused = new Map([
      [0, new Map([['p-1', sample(0, 150)], ['p-2', sample(0, -40)]])], // prettier-ignore
      [300_000, new Map([['p-1', sample(300_000, 150)]])],
    ])
    const all = withRefused(slots, refused)
    const shown = [...all].map(([at, samples]) => [
      at,
      [...samples].map(([id, { temperatureC }]) => [id, temperatureC]),
    ])
    assert.deepEqual(shown, [
      [0, [['p-1', 45], ['p-2', -40]]], // prettier-ignore
      [300_000, [['p-1', 150]]],
    ])
    assert.deepEqual([...slots.get(0)!.keys()], ['p-1'])
  })
})
