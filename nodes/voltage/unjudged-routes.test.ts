import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../platform/http/api.fixture.ts'
import { referenceVoltage } from '../../platform/network/reference-voltage.ts'
import { unjudgedRoutes } from './unjudged-routes.ts'
import { metersReferringTo, referenceVoltages } from './unjudged-repository.ts'
import { KeptField } from './window-keeper.fixture.ts'

describe('meters that cannot be judged', function () {
  this.timeout(30_000)
  const test = useApi({ routes: [unjudgedRoutes] })
  const path = '/api/quality/voltage/unjudged-meters'

  before(async () => {
    const field = new KeptField(test.database.database)
    await field.unit('u-1')
    await field.unit('u-100', { nominalV: 100 })
    await field.unit('u-mt', { nominalV: 13_800 })
    await field.database.query(`update consumer_unit set contracted_voltage_v = 14000 where unit_id = 'u-mt'`)
    await field.meter('bare')
    await field.meter('own', 127)
    await field.meter('own-150', 150)
  })

  it('are those without reference voltage, or with one that the norm has no bands for', async () => {
    const { status, body } = await test.as('viewer').get(path)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(body, {
      items: [
        { meterId: 'bare', unitId: null, referenceVoltageV: null },
        { meterId: 'own-150', unitId: null, referenceVoltageV: 150 },
        { meterId: 'u-100', unitId: 'u-100', referenceVoltageV: 100 },
      ],
      nextCursor: null,
    })
  })

  it('come in pages', async () => {
    const first = (await test.as('viewer').get(`${path}?limit=2`)).body
    const rest = (await test.as('viewer').get(`${path}?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ meterId }) => meterId),
      ['bare', 'own-150', 'u-100'],
    )
  })

  it('are told from all others by the voltage that these refer to', async () => {
    const { database } = test.database
    const now = Date.now()
    assert.deepEqual(await referenceVoltages(database, now), [100, 127, 150, 220, 14_000])
    const page = { after: 'own-150', limit: 9 }
    assert.deepEqual(await metersReferringTo(database, now, [14_000], page), [
      { deviceId: 'u-mt', unitId: 'u-mt', referenceV: 14_000 },
    ])
    const units = await database.query<{ volts: number }>(
      `select ${referenceVoltage} as volts from consumer_unit u order by unit_id`,
    )
    assert.deepEqual(
      units.map(({ volts }) => volts),
      [220, 100, 14_000],
    )
  })
})
