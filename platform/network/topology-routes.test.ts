import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { networkRoutes } from './routes.ts'

describe('routes of what supplies what', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const ask = (path: string) => test.as('viewer').get(`/api/registry/${path}`)

  before(async () => {
    for (const sql of [
      "insert into feeder (feeder_id) values ('f-1'), ('f-2')",
      `insert into network_source (source_id, section_id, feeder_id, substation_id)
       values ('src-1', 'a1', 'f-1', 'se-1'), ('src-2', 'b1', 'f-2', null)`,
      `insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break)
       values ('sw', 'a1', 'a2', true, true), ('tie', 'a2', 'b1', false, true)`,
      "insert into network_transformer (transformer_id, section_id) values ('t-1', 'a2')",
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 127), ('u-2', 127), ('u-3', 13800)",
      "insert into unit_supply (unit_id, transformer_id) values ('u-1', 't-1'), ('u-2', 't-1')",
      "insert into unit_supply (unit_id, section_id) values ('u-3', 'b1')",
      `insert into switch_operation (switch_id, at, closed, source, reference) values
       ('tie', '2026-03-01 12:00Z', 'ABC', 'event', '1'), ('sw', '2026-03-01 12:01Z', 'B', 'event', '2')`,
    ])
      await test.database.database.query(sql)
  })

  it('tell by which feeder a section is supplied, as switches stood', async () => {
    const sections = async (at: string) =>
      (await ask(`sections?at=${at}`)).body.items.map(
        ({ sectionId, phases, sourceId, feederId, substationId, units }: Record<string, string>) =>
          [sectionId, phases, sourceId, feederId, substationId, units].join(' '),
      )
    const [a1, b1] = ['a1 ABC src-1 f-1 se-1 0', 'b1 ABC src-2 f-2  1']
    assert.deepEqual(await sections('2026-03-01T11:59:59Z'), [a1, 'a2 ABC src-1 f-1 se-1 2', b1])
    assert.deepEqual(await sections('2026-03-02T00:00:00Z'), [a1, 'a2 ABC src-1 f-1 se-1 2', b1])
    await test.database.database.query(
      "insert into switch_operation (switch_id, at, closed, source, reference) values ('sw', '2026-03-03Z', '', 'person', '3')",
    )
    assert.deepEqual(await sections('2026-03-03T00:00:00Z'), [a1, 'a2 ABC src-2 f-2  2', b1])
  })

  it('tell it in pages', async () => {
    const first = (await ask('sections?limit=2')).body
    const second = (await ask(`sections?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual([first.items.length, second.items.length, second.nextCursor], [2, 1, null])
  })

  it('tell what would lose supply by a switch, and how many units', async () => {
    const downstream = async (id: string, at: string) => (await ask(`switches/${id}/downstream?at=${at}`)).body
    assert.deepEqual(await downstream('sw', '2026-03-01T00:00:00Z'), {
      ...{ switchId: 'sw', closed: 'ABC', sections: [{ sectionId: 'a2', phases: 'ABC', units: 2 }], units: 2 },
    })
    assert.deepEqual(await downstream('sw', '2026-03-02T00:00:00Z'), {
      ...{ switchId: 'sw', closed: 'B', sections: [], units: 0 },
    })
    assert.equal((await downstream('tie', '2026-03-04T00:00:00Z')).units, 2)
    assert.equal((await downstream('src-2', '2026-03-04T00:00:00Z')).units, 3)
    assert.equal((await ask('switches/nobody/downstream')).status, 404)
  })
})
