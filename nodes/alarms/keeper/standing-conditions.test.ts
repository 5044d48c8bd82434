import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { standingAlarms } from './standing-conditions.ts'

describe('standing conditions', function () {
  this.timeout(60_000)
  const test = useDatabase()

  const seed = (key: string, active: boolean, deviceId: string | null, state: string): Promise<object[]> =>
    test.database.query(
      `insert into alarm (key, area, kind, subject, device_id, said_active, said_at, said_priority, active, acknowledged, latched,
         out_of_service, priority, occurrence, escalated, state, value, value_unit, text, changed)
       select $1, p[1], p[2], p[3], $3, $2, to_timestamp(1.5), 'high', false, true, false, false, 'low', 1, 0, $4, 7, 'min',
         '{"message": "telemetry.device-silent", "parameters": {}}', 1
       from string_to_array($1, '/') p`,
      [key, active, deviceId, state],
    )

  it('are those that were last said to hold, as they were said, also before their delay is over', async () => {
    await seed('telemetry/device-silent/m-1', true, 'm-1', 'A')
    await seed('telemetry/device-silent/m-2', false, 'm-2', 'B')
    await seed('telemetry/values-stuck/m-3', true, null, 'G')
    await seed('voltage/device-silent/m-4', true, null, 'C')
    assert.deepEqual(await standingAlarms(test.database, 'telemetry', ['device-silent']), [
      {
        ...{
          key: 'telemetry/device-silent/m-1',
          area: 'telemetry',
          kind: 'device-silent',
          subject: 'm-1',
          deviceId: 'm-1',
        },
        ...{ state: 'active', at: 1_500, value: 7, unit: 'min', priority: 'high' },
        text: { message: 'telemetry.device-silent', parameters: {} },
      },
    ])
    const both = await standingAlarms(test.database, 'telemetry', ['device-silent', 'values-stuck'])
    assert.deepEqual(both.map(({ subject }) => subject).toSorted(), ['m-1', 'm-3'])
  })
})
