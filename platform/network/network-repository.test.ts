import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import { phasesOf } from './model/phases.ts'
import { sectionOutages } from './model/section-outages.ts'
import { networkHistory, unitsOfSections } from './network-repository.ts'

const at = (text: string) => Date.parse(`2026-03-${text}:00Z`)

describe('repository of the network', () => {
  const test = useDatabase()

  before(async () => {
    await test.database.query(`insert into network_source (source_id, section_id) values ('f1', 'a1')`)
    await test.database.query(
      `insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break, phases, validity) values
       ('sw-a', 'a1', 'a2', true, true, 'ABC', '(,)'),
       ('fuse', 'a2', 'a3', true, false, 'B', '[2026-03-05 00:00Z,)'),
       ('old', 'a2', 'a4', true, false, 'ABC', '(,2026-02-01 00:00Z)')`,
    )
    await test.database.query(
      `insert into switch_operation (switch_id, at, closed, source, reference) values
       ('sw-a', '2026-01-01Z', '', 'event', '1'), ('sw-a', '2026-02-01Z', 'ABC', 'reading', '2'),
       ('sw-a', '2026-02-01Z', 'AB', 'event', '3'),
       ('sw-a', '2026-03-10 10:00Z', '', 'event', '4'), ('sw-a', '2026-03-10 11:00Z', 'ABC', 'person', '5'),
       ('sw-a', '2026-04-01Z', '', 'event', '6'), ('nobody', '2026-03-10Z', '', 'event', '7')`,
    )
    await test.database.query(
      `insert into consumer_unit (unit_id, nominal_voltage_v, phases) values
       ('u1', 127, 'A'), ('u2', 127, 'BC'), ('u3', 127, 'A'), ('u4', 13800, 'ABC')`,
    )
    await test.database.query(
      `insert into network_transformer (transformer_id, section_id, phases, validity) values
       ('t1', 'a2', 'ABC', '(,2026-03-15 00:00Z)'), ('t1', 'a1', 'ABC', '[2026-03-15 00:00Z,)'), ('t2', 'a3', 'B', '(,)')`,
    )
    await test.database.query(
      `insert into unit_supply (unit_id, transformer_id, section_id, validity) values
       ('u1', 't1', null, '(,)'), ('u2', 't1', null, '(,2026-03-20 00:00Z)'), ('u2', 't2', null, '[2026-03-20 00:00Z,)'),
       ('u3', 't2', null, '(,)'), ('u4', null, 'a2', '(,)')`,
    )
  })

  describe('the network as it was', () => {
    it('has what was part of it in the time, and how switches stood before', async () => {
      const { network, operations } = await networkHistory(test.database, at('01T00:00'), at('31T00:00'))
      assert.deepEqual(network, {
        sources: [
          {
            ...{ sourceId: 'f1', sectionId: 'a1', phases: 7, feederId: null, substationId: null },
            ...{ recloses: false, from: -Infinity, until: Infinity },
          },
        ],
        switches: [
          {
            ...{ switchId: 'fuse', sectionA: 'a2', sectionB: 'a3', phases: 2, normallyClosed: true, loadBreak: false },
            ...{ recloses: false, from: at('05T00:00'), until: Infinity },
          },
          {
            ...{ switchId: 'sw-a', sectionA: 'a1', sectionB: 'a2', phases: 7, normallyClosed: true, loadBreak: true },
            ...{ recloses: false, from: -Infinity, until: Infinity },
          },
        ],
      })
      assert.deepEqual(operations.map(({ reference }) => reference).toSorted(), ['2', '3', '4', '5'])
    })

    it('tells which sections were out, also those that were so before', async () => {
      const { network, operations } = await networkHistory(test.database, at('01T00:00'), at('31T00:00'))
      assert.deepEqual(
        sectionOutages(network, operations, at('01T00:00'), at('31T00:00')).map((outage) => [
          ...[outage.sectionId, outage.phases, new Date(outage.from).toISOString(), outage.until],
        ]),
        [
          ['a2', phasesOf('C'), '2026-03-01T00:00:00.000Z', at('10T11:00')],
          ['a2', phasesOf('AB'), '2026-03-10T10:00:00.000Z', at('10T11:00')],
          ['a3', phasesOf('B'), '2026-03-10T10:00:00.000Z', at('10T11:00')],
        ],
      )
    })

    it('has what ended as the time begins', async () => {
      const ids = async (from: number) =>
        (await networkHistory(test.database, from, at('31T00:00'))).network.switches.map(({ switchId }) => switchId)
      const end = Date.UTC(2026, 1, 1)
      assert.deepEqual(
        [await ids(end), await ids(end + 1)],
        [
          ['fuse', 'old', 'sw-a'],
          ['fuse', 'sw-a'],
        ],
      )
    })

    it('is known from the beginning to the end of time', async () => {
      const { network, operations } = await networkHistory(test.database, -Infinity, Infinity)
      assert.deepEqual([network.switches.length, operations.length], [3, 6])
    })
  })

  describe('units of sections', () => {
    const unitsAt = async (day: string, sections: Record<string, string>) =>
      (
        await unitsOfSections(
          test.database,
          Object.entries(sections).map(([sectionId, phases]) => ({ sectionId, phases: phasesOf(phases) })),
          at(`${day}T00:00`),
        )
      ).map(({ unitId, sectionId, phases }) => `${unitId} ${sectionId} ${phases}`)

    it('hang on them through transformers, or in medium voltage by themselves', async () =>
      assert.deepEqual(await unitsAt('10', { a2: 'ABC', a3: 'ABC' }), ['u1 a2 1', 'u2 a2 6', 'u3 a3 2', 'u4 a2 7']))

    it('are those of the phases asked for', async () => {
      assert.deepEqual(await unitsAt('10', { a2: 'A' }), ['u1 a2 1', 'u4 a2 7'])
      assert.deepEqual(await unitsAt('10', { a2: '' }), [])
    })

    it('work on the phases of a transformer that has not all three, whatever they call theirs', async () =>
      assert.deepEqual([await unitsAt('10', { a3: 'A' }), await unitsAt('10', { a3: 'B' })], [[], ['u3 a3 2']]))

    it('follow what was connected elsewhere, unit or transformer', async () => {
      assert.deepEqual(await unitsAt('16', { a1: 'ABC', a2: 'ABC' }), ['u1 a1 1', 'u2 a1 6', 'u4 a2 7'])
      assert.deepEqual(await unitsAt('25', { a1: 'ABC', a3: 'ABC' }), ['u1 a1 1', 'u2 a3 2', 'u3 a3 2'])
    })
  })

  describe('changes of the network', () => {
    const changesOf = async (sql: string) => {
      await test.database.query('delete from network_change')
      await test.database.query(sql)
      const rows = await test.database.query<{ kind: string; ids: string[]; from: string }>(
        `select element_kind as kind, element_ids as ids, from_at::text as "from" from network_change order by change_id`,
      )
      return rows.map(({ kind, ids, from }) => `${kind} ${ids.join(',')} ${from}`)
    }

    it('tell from when on it is not as it was', async () => {
      assert.deepEqual(
        await changesOf(
          `insert into network_switch values ('new', 'a3', 'a5', true, true, 'ABC', '[2026-05-01 00:00+00,)')`,
        ),
        ['switch new 2026-05-01 00:00:00+00'],
      )
      assert.deepEqual(
        await changesOf(
          `update network_switch set validity = '[2026-05-01 00:00+00,2026-06-01 00:00+00)' where switch_id = 'new'`,
        ),
        ['switch new 2026-06-01 00:00:00+00'],
      )
      assert.deepEqual(await changesOf(`update network_switch set load_break = false where switch_id = 'new'`), [
        'switch new 2026-05-01 00:00:00+00',
      ])
      assert.deepEqual(await changesOf(`delete from network_switch where switch_id = 'new'`), [
        'switch new 2026-05-01 00:00:00+00',
      ])
    })

    it('are none where nothing came to be otherwise', async () => {
      assert.deepEqual(await changesOf(`update network_switch set load_break = load_break`), [])
      assert.deepEqual(await changesOf(`delete from network_source where source_id = 'nobody'`), [])
      assert.deepEqual(await changesOf(`update consumer_unit set tariff_class = 'B1'`), [])
    })

    it('move the units of a transformer that moves, and come to the same by whichever way', async () => {
      const connections = () =>
        test.database.query('select unit_id, section_id, phases, validity::text from unit_connection order by 1, 4')
      const before = await connections()
      await test.database.query(
        `update network_transformer set phases = 'AC', section_id = 'a9' where section_id = 'a3'`,
      )
      assert.deepEqual(
        (await connections()).filter((row) => row['section_id'] === 'a9').map((row) => [row['unit_id'], row['phases']]),
        [
          ['u2', 'AC'],
          ['u3', 'AC'],
        ],
      )
      await test.database.query(
        `update network_transformer set phases = 'B', section_id = 'a3' where section_id = 'a9'`,
      )
      assert.deepEqual(await connections(), before)
      await test.database.query(`select connect_units(array(select unit_id from consumer_unit))`)
      assert.deepEqual(await connections(), before)
    })

    it('name the units that hang elsewhere, or on other phases', async () => {
      assert.deepEqual(
        await changesOf(`update unit_supply set validity = '(,2026-07-01 00:00+00)' where unit_id in ('u1', 'u4')`),
        ['unit u1,u4 2026-07-01 00:00:00+00'],
      )
      assert.deepEqual(await changesOf(`update consumer_unit set phases = 'B' where unit_id = 'u3'`), [
        'unit u3 -infinity',
      ])
    })
  })
})
