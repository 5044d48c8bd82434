import assert from 'node:assert/strict'
import { fieldContract } from '../../../../platform/wire/contract.ts'
import { readingKinds } from '../../../../platform/wire/reading.ts'
import { contractFields } from './contract-fields.ts'

describe('the fields that a mapping may fill', () => {
  it('are those of the contract, without identifier, timestamp and quality', () => {
    assert.deepEqual(
      [...contractFields('meter').keys()],
      [
        ...['va_v', 'vb_v', 'vc_v', 'ia_a', 'ib_a', 'ic_a', 'p_kw', 'q_kvar', 'frequency_hz', 'interval_s'],
        ...['aggregation', 'contact', 'unbalance_pct', 'dtt_a_pct', 'dtt_b_pct', 'dtt_c_pct', 'dttp_a_pct'],
        ...[
          'dttp_b_pct',
          'dttp_c_pct',
          'dtti_a_pct',
          'dtti_b_pct',
          'dtti_c_pct',
          'dtt3_a_pct',
          'dtt3_b_pct',
          'dtt3_c_pct',
        ],
        ...['pst_a_pu', 'pst_b_pu', 'pst_c_pu'],
      ],
    )
    assert.deepEqual(
      [...contractFields('switch').keys()],
      ['position', 'mode', 'currents.ia_a', 'currents.ib_a', 'currents.ic_a', 'tripped', 'reclose_blocked'],
    )
    for (const kind of readingKinds)
      for (const own of [fieldContract[kind].idField, 'timestamp', 'quality']) assert.ok(!contractFields(kind).has(own))
  })

  for (const [kind, path, field] of [
    ['meter', 'va_v', { type: 'number', nullable: true, steady: false }],
    ['meter', 'unbalance_pct', { type: 'number', nullable: false, steady: false }],
    ['meter', 'dtt_b_pct', { type: 'number', nullable: true, steady: false }],
    ['meter', 'p_kw', { type: 'number', nullable: false, steady: false }],
    ['meter', 'aggregation', { type: 'string', nullable: false, steady: true }],
    ['meter', 'contact', { type: 'string', nullable: false, steady: false }],
    ['der', 'priority', { type: 'number', nullable: false, steady: true }],
    ['der', 'is_physical', { type: 'boolean', nullable: false, steady: true }],
    ['der', 'soc', { type: 'number', nullable: false, steady: false }],
    ['der', 'plugged_in', { type: 'boolean', nullable: false, steady: false }],
    ['der', 'energy_needed_kwh', { type: 'number', nullable: false, steady: false }],
    ['der', 'departs_at', { type: 'string', nullable: false, steady: false }],
    ['panel', 'irradiance_wm2', { type: 'number', nullable: false, steady: false }],
    ['switch', 'currents.ib_a', { type: 'number', nullable: true, steady: false }],
    ['switch', 'position', { type: 'string', nullable: false, steady: false }],
  ] as const)
    it(`${kind} ${path}: ${JSON.stringify(field)}`, () =>
      assert.deepEqual(contractFields(kind).get(path), { path, ...field }))
})
