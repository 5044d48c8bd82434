import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { programNamed } from '../demand-response/program-repository.ts'
import { usePolledVtn } from './polled-vtn.fixture.ts'

describe('programs of a VTN', function () {
  this.timeout(60_000)
  const polled = usePolledVtn()

  it('end with it, and keep what people have set of them', async () => {
    await polled.poll()
    const { programId } = (await programNamed(polled.database, 'openadr', 'p1'))!
    await polled.database.query(
      `update dr_program set incentive_brl_kwh = 0.5, elasticity = -0.2, changed_by = 'ana' where program_id = $1`,
      [programId],
    )
    polled.vtn.putProgram('p1', {
      programName: 'renamed',
      payloadDescriptors: [{ payloadType: 'PRICE', units: 'KWH', currency: 'BRL' }],
    })
    await polled.poll()
    const changed = (await programNamed(polled.database, 'openadr', 'p1'))!
    assert.deepEqual(
      [changed.name, changed.mode, changed.incentiveBrlPerKwh, changed.elasticity],
      ['renamed', 'price', 0.5, -0.2],
    )
    polled.vtn.programs.delete('p1')
    await polled.poll()
    assert.equal((await programNamed(polled.database, 'openadr', 'p1'))!.active, false)
  })

  it('are of the feeder that their targets name, if it is one', async () => {
    polled.vtn.vens.push({ id: 'v1', targets: ['f-1', 'f-2'] })
    polled.vtn.putProgram('p2', { targets: ['f-1', 'elsewhere'] })
    polled.vtn.putProgram('p3', { targets: ['f-1', 'f-2'] })
    await polled.poll()
    const feeder = async (id: string) => (await programNamed(polled.database, 'openadr', id))!.feederId
    assert.deepEqual([await feeder('p1'), await feeder('p2'), await feeder('p3')], [null, 'f-1', null])
  })

  it('that are nonsense are refused by field and value', async () => {
    polled.vtn.putProgram('p2', { programName: '' })
    await polled.poll()
    assert.match((await polled.refusals()).get('p2')!, /^programName is "": it must NOT have fewer than 1 characters/)
  })
})
