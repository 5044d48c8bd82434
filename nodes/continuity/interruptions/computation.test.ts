import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { piecesOf } from '../domain/unit-outages.ts'
import { evidenceRules } from './computation.ts'
import { piecesOfUnits } from './piece-repository.ts'
import {
  closed,
  lost,
  minuteMs,
  noon,
  opened,
  restored,
  type GivenEvent,
  useSuppliedField,
} from './supplied-field.fixture.ts'
import { knownUnits } from './unit-evidence-repository.ts'

const switches = ['fa', 'fb', 'sw-a2', 'sw-a3', 'sw-b2', 'sw-b3', 'tie']
const meters = ['m-a1-1-1', 'm-a2-1-1', 'm-a2-1-2', 'm-a3-2-2', 'm-b3-1-1']
const anEvent = fc.oneof(
  fc.record({
    device: fc.constantFrom(...switches),
    at: fc.nat(240),
    type: fc.constantFrom('switch_opened' as const, 'switch_closed' as const),
    phases: fc.option(fc.constantFrom('A', 'BC'), { nil: undefined, freq: 5 }),
  }),
  fc.record({
    device: fc.constantFrom(...meters),
    at: fc.nat(240).map((minute) => minute + 0.05),
    type: fc.constantFrom('power_lost' as const, 'power_restored' as const),
  }),
)

describe('what is written of units', function () {
  this.timeout(180_000)
  const field = useSuppliedField()

  it('in one statement for whole sections, commit by commit, is what follows for each unit from all of its evidence (property)', async () => {
    const commits = fc.array(fc.array(anEvent, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(commits, async (given) => {
        await field.clear()
        field.keeper()
        for (const events of given) {
          await field.store(events as GivenEvent[])
          if (events.length > 1) await field.settled()
        }
        await field.settled()
        const unitIds = (
          await field.database.query<{ id: string }>('select unit_id as id from consumer_unit order by 1')
        ).map(({ id }) => id)
        const units = unitIds.map((unitId) => ({ unitId, from: noon - 60 * minuteMs }))
        const [known, rules, stored] = await field.database.transaction(async (client) => [
          await knownUnits(client, units),
          await evidenceRules(client),
          await piecesOfUnits(client, units),
        ])
        const expected = known.flatMap((unit) =>
          piecesOf(unit, rules).map(({ from, until }) => `${unit.unitId} ${from} ${until}`),
        )
        assert.deepEqual(
          stored.map(({ unitId, from, until }) => `${unitId} ${from} ${until}`).toSorted(),
          expected.toSorted(),
        )
        const wrong = await field.database.query(
          `select from interruption i left join lateral (
             select count(distinct unit_id)::integer as units, min(started_at) as started_at from unit_interruption u
             where u.interruption_id = i.interruption_id) u on true
           where not void and (u.units <> i.units or u.started_at <> i.started_at) or void and u.units > 0`,
        )
        assert.equal(wrong.length, 0)
      }),
      { numRuns: 6, endOnFailure: true },
    )
  })

  it('of one on a transformer of other phases than its own goes by the transformer, whatever its meter tells', async () => {
    const set = async (own: string, transformer: string): Promise<void> => {
      await field.database.query(`update consumer_unit set phases = $1 where unit_id = 'a3-1-1'`, [own])
      await field.database.query(`update network_transformer set phases = $1 where transformer_id = 'a3-1'`, [
        transformer,
      ])
    }
    await set('A', 'BC')
    field.keeper()
    await field.store([opened('sw-a3', 10), lost('m-a3-1-1', 10.05), closed('sw-a3', 20), restored('m-a3-1-1', 19.95)])
    await field.store([lost('m-a3-1-1', 30, { phases: 'A' }), restored('m-a3-1-1', 40)])
    await field.settled()
    assert.deepEqual(
      (await field.outages()).filter((one) => one.startsWith('a3-1-1')),
      ['a3-1-1: 10-20 switch sw-a3', 'a3-1-1: 30-40 unit a3-1-1'],
    )
    await set('ABC', 'ABC')
  })

  it('that lost some phases by a switch, and by its meter all of them, is without the others until its meter says so', async () => {
    const ofUnit = async (): Promise<string[]> => (await field.outages()).filter((one) => one.startsWith('a2-1-1'))
    field.keeper()
    await field.told(opened('sw-a2', 10, 'BC'), closed('sw-a2', 40, 'BC'))
    await field.told(lost('m-a2-1-1', 20))
    assert.deepEqual(await ofUnit(), ['a2-1-1: 10-40 switch sw-a2', 'a2-1-1: 40-… unit a2-1-1'])
    await field.told(restored('m-a2-1-1', 40.05))
    assert.deepEqual(await ofUnit(), ['a2-1-1: 10-40 switch sw-a2'])
  })

  it('of which a person says that it has no supply has it when its meter says so, also as a switch gives it back', async () => {
    const ofUnit = async (): Promise<string[]> => (await field.outages()).filter((one) => one.startsWith('a3-1-1'))
    field.keeper()
    await field.told(opened('sw-a3', 10))
    await field.database.query(
      `insert into entered_outage (element_kind, element_id, unit_ids, started_at)
       values ('unit', 'a3-1-1', array['a3-1-1'], to_timestamp($1::float8 / 1000))`,
      [noon + 15 * minuteMs],
    )
    await field.told(closed('sw-a3', 40))
    assert.deepEqual(await ofUnit(), ['a3-1-1: 10-40 switch sw-a3', 'a3-1-1: 40-… unit a3-1-1'])
    await field.told(restored('m-a3-1-1', 40.05))
    assert.deepEqual(await ofUnit(), ['a3-1-1: 10-40 switch sw-a3'])
  })

  it('goes by the first return that its meter tells, also where it comes last', async () => {
    field.keeper()
    await field.told(opened('sw-a3', 10))
    await field.told(restored('m-a3-1-1', 20.1))
    await field.told(restored('m-a3-1-1', 20))
    assert.ok((await field.outages()).includes('a3-1-1: 10-20 switch sw-a3'))
  })

  it('whose meter told last of a loss that a switch ended long ago does not make it last', async () => {
    field.keeper()
    await field.store([opened('sw-a3', 10), lost('m-a3-1-1', 10.01), closed('sw-a3', 40)])
    await field.settled()
    await field.store([
      opened('sw-a3', 5000),
      lost('m-a3-1-1', 5000.05),
      closed('sw-a3', 5020),
      restored('m-a3-1-1', 5020.02),
    ])
    await field.store([lost('m-a3-1-1', 6000), restored('m-a3-1-1', 6010)])
    await field.settled()
    assert.deepEqual(
      (await field.outages()).filter((one) => one.startsWith('a3-1-1')),
      ['a3-1-1: 10-40 switch sw-a3', 'a3-1-1: 5000-5020 switch sw-a3', 'a3-1-1: 6000-6010 unit a3-1-1'],
    )
  })
})
