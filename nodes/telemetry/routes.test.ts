import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { credentialRoutes } from '../../platform/broker/credential-routes.ts'
import { issueCredential } from '../../platform/broker/credentials.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import type { OpenApiDocument } from '../../platform/http/document.fixture.ts'
import { exercise, unknownPasswords } from '../../platform/http/exercise.fixture.ts'
import { networkRoutes } from '../../platform/network/routes.ts'
import { insertQuarantine } from './repository.ts'
import { telemetryRoutes } from './routes.ts'
import { seedReadings } from './seeded-readings.fixture.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')
const successes = [200, 201, 204]
/** What no sample alone makes succeed. */
const notBySample: Readonly<Record<string, string>> = {
  ...unknownPasswords,
  createNetworkSource: 'its feeder was struck off before, by a sample',
  createUnitSupply: 'takes a transformer or a section, which its schema cannot say',
}
/** What the samples name is there, and in use. Their tests make them succeed. */
const cannotSucceed: Readonly<Record<string, string>> = {
  ...notBySample,
  createRegisteredDevice: 'it is there already',
  deleteRegisteredDevice: 'it has reported',
  createUnit: 'it is there already',
  deleteUnit: 'it has a holder',
  rotateMqttCredential: 'it was revoked just before',
  // The sample of a period names a switch.
  ...Object.fromEntries(
    ['NetworkSource', 'UnitSupply', 'Transformer', 'EarthSwitch'].flatMap((thing) =>
      ['get', 'change', 'delete'].map((act) => [`${act}${thing}`, 'its sample names a period of a switch']),
    ),
  ),
}

describe('routes that serve data', function () {
  this.timeout(300_000)
  const test = useApi({ routes: [telemetryRoutes, networkRoutes, credentialRoutes] })

  // What the examples of the document name.
  before(async () => {
    const { database } = test.database
    await database.query(
      "insert into feeder (feeder_id, parent_feeder_id) values ('feeder-00', null), ('feeder-01', 'feeder-00')",
    )
    await database.query("insert into site (site_id) values ('house-01'), ('school-01')")
    await database.query(
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('unit-001', 127), ('unit-007', 127)",
    )
    await database.query(
      `insert into device (device_id, kind, der_type, status) values ('pv-001', 'der', 'pv', 'active'),
         ('panel-001', 'panel', null, 'active'), ('meter-107', 'meter', null, 'active'), ('pv-666', 'der', null, 'pending')`,
    )
    await database.query(
      `insert into meter_assignment select 'unit-007', device_key, '[2025-06-01T13:00:00Z,)' from device where device_id = 'meter-107'`,
    )
    await database.query(
      "insert into unit_holder values ('unit-001', '(,)', 'Maria', null, null, null, null, '2026-11-21')",
    )
    await database.query("insert into unit_service values ('unit-001', 'essential')")
    await issueCredential(database, 'meter-107', noon)
    await seedReadings(database, 'der', [{ deviceId: 'pv-001', at: noon, values: { p_actual_kw: -3 } }])
    await seedReadings(database, 'panel', [{ deviceId: 'panel-001', at: noon, values: { power_w: -300 } }])
    await seedReadings(database, 'meter', [{ deviceId: 'meter-107', at: noon, values: { p_kw: 2 } }])
    await database.transaction((client) =>
      insertQuarantine(client, [
        { reason: 'bad_topic', topic: 'weather', payload: 'sunny', detail: 'topic', receivedAt: Date.now() },
      ]),
    )
  })

  it('answer as their document says, whatever they are asked', async () => {
    const document = (await test.as().get('/api/openapi.json')).body as OpenApiDocument
    const { calls, count, faults } = await exercise({
      ...{ url: test.url, document, logIn: (role) => test.logIn(role), expiredToken: await test.expiredToken() },
      cannotSucceed: notBySample,
      withoutUnknownId: { issueMqttCredential: 'a device need not be registered to get a credential' },
    })
    assert.deepEqual(faults, [])
    assert.ok(count > 2_000, `${count} calls`)
    // Valid samples name what is there: unless deleted before, it is found.
    const withoutSuccess = [...calls].flatMap(([operation, kinds]) =>
      [...kinds.values()].flat().some((status) => successes.includes(status)) ? [] : [operation],
    )
    assert.deepEqual(
      withoutSuccess.filter((operation) => !(operation in cannotSucceed)),
      [],
    )
  })

  it('name every operation once', () => {
    const names = test.api.routes.map(({ operationId }) => operationId)
    assert.equal(new Set(names).size, names.length)
  })
})
