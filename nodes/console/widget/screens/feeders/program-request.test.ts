import assert from 'node:assert/strict'
import type { DemandProgram } from './demand-answers.ts'
import { programRequest, withActive, type ProgramForm } from './program-request.ts'

const form: ProgramForm = {
  ...{ name: ' Ponta ', mode: 'shed', feederId: 'feeder-01', amount: '40', elasticity: '', days: ['mon', 'fri'] },
  ...{ from: '18:00', to: '21:00', incentive: '0,9', penalty: '' },
}
const given = { name: 'Ponta', mode: 'shed', feederId: 'feeder-01', targetShedKw: 40, incentiveBrlPerKwh: 0.9 }

describe('a program as somebody fills it in', () => {
  it('has a window of the week, or calls only by hand', () => {
    const window = { days: ['mon', 'fri'], from: '18:00', to: '21:00' }
    assert.deepEqual(programRequest(form), { body: { ...given, window, penaltyBrlPerKwh: 0 } })
    assert.deepEqual(programRequest({ ...form, days: [], from: '' }), { body: { ...given, penaltyBrlPerKwh: 0 } })
  })

  it('names the fields that are not filled in', () => {
    const wrong = {
      ...form,
      name: '',
      mode: 'price' as const,
      amount: '',
      elasticity: '3',
      from: '25:00',
      penalty: '-1',
    }
    assert.deepEqual(programRequest(wrong), { faults: ['name', 'amount', 'elasticity', 'time', 'money'] })
  })

  it('is set inactive as it is, without what it does not have', () => {
    const program: DemandProgram = {
      ...{ programId: 3, name: 'Ponta', mode: 'shed', feederId: null, timeZone: 'America/Sao_Paulo', active: true },
      ...{ limitKw: null, direction: 'import', targetShedKw: 40, priceBrlPerKwh: null, elasticity: 0 },
      ...{ incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0, enrolledOnly: false, snapbackMinutes: 15 },
      window: { days: ['mon'], from: '18:00', to: '21:00', validFrom: null, validUntil: '2026-12-31' },
    }
    assert.deepEqual(withActive(program, false), {
      ...{ name: 'Ponta', mode: 'shed', timeZone: 'America/Sao_Paulo', direction: 'import', elasticity: 0 },
      ...{ incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0, enrolledOnly: false, snapbackMinutes: 15, active: false },
      ...{ targetShedKw: 40, window: { days: ['mon'], from: '18:00', to: '21:00', validUntil: '2026-12-31' } },
    })
  })
})
