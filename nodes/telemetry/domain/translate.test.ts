import assert from 'node:assert/strict'
import { exampleBody, noon, receivedAt } from './field.fixture.ts'
import type { FieldKind } from '../../../platform/wire/contract.ts'
import { translate, type FieldBody } from './translate.ts'

const timing = { at: noon, receivedAt, quality: 'late' } as const
const translated = (kind: FieldKind, shows: string, changes: Record<string, unknown> = {}) =>
  translate(kind, 'd-1', exampleBody(kind, shows, changes) as unknown as FieldBody, timing)

describe('translate', () => {
  it('takes down what a DER claims of itself, apart from what it measures', () => {
    const result = translated('der', 'pv-generating', { priority: 0, is_physical: false })
    assert.ok('claim' in result)
    assert.deepEqual(result.claim, {
      deviceId: 'd-1',
      kind: 'der',
      derType: 'pv',
      siteId: 'house-01',
      feederId: 'feeder-1',
      parentFeederId: 'substation-1',
      pMaxKw: 5,
      priority: 0,
      isPhysical: false,
    })
    assert.ok(!('feederId' in result.value))
  })

  it('takes down where a panel says it is', () => {
    const result = translated('panel', 'generating')
    assert.deepEqual('claim' in result && result.claim, { deviceId: 'd-1', kind: 'panel', location: 'Telhado norte' })
  })

  it('an absent phase has no value, and no zero either', () => {
    const result = translated('meter', 'one-phase')
    assert.ok('value' in result && 'values' in result.value)
    assert.deepEqual(Object.keys(result.value.values), ['va_v', 'ia_a', 'p_kw', 'interval_s'])
  })

  it("an instrument's values stand beside the others, absent phases left out", () => {
    const result = translated('meter', 'power-quality-one-phase')
    assert.deepEqual('value' in result && 'values' in result.value && result.value.values, {
      ...{ va_v: 126.9, interval_s: 600, dtt_a_pct: 3.1, pst_a_pu: 0.42 },
    })
  })

  it('a vtcd keeps how deep it was and how long; another event has neither, whatever it says', () => {
    const event = (changes: Record<string, unknown>) => {
      const result = translated('event', 'vtcd-sag', changes)
      assert.ok('value' in result && 'type' in result.value)
      const { type, magnitudePu, durationS } = result.value
      return { type, magnitudePu, durationS }
    }
    assert.deepEqual(event({}), { type: 'vtcd', magnitudePu: 0.74, durationS: 0.18 })
    assert.deepEqual(event({ type: 'power_lost' }), {
      ...{ type: 'power_lost', magnitudePu: undefined, durationS: undefined },
    })
  })

  it('a zero is a value', () => {
    const result = translated('meter', 'one-phase', { va_v: 0, ia_a: 0, p_kw: 0 })
    assert.deepEqual('value' in result && 'values' in result.value && result.value.values, {
      va_v: 0,
      ia_a: 0,
      p_kw: 0,
      interval_s: 1,
    })
  })

  for (const [said, quality] of [
    ['good', 'late'],
    ['questionable', 'questionable'],
    ['invalid', 'invalid'],
  ] as const) {
    it(`a late switch that calls itself ${said} has the quality ${quality}`, () => {
      const result = translated('switch', 'closed', { quality: said })
      assert.equal('value' in result && 'quality' in result.value && result.value.quality, quality)
    })
  }

  for (const [kind, shows] of [
    ['der', 'pv-generating'],
    ['panel', 'generating'],
    ['meter', 'one-phase'],
  ] as const) {
    it(`a ${kind} that doubts its own values is doubted, and one that does not say is not`, () => {
      for (const [said, quality] of [
        ['invalid', 'invalid'],
        ['questionable', 'questionable'],
        ['good', 'late'],
        [undefined, 'late'],
      ] as const) {
        const result = translated(kind, shows, { quality: said })
        assert.equal('value' in result && 'quality' in result.value && result.value.quality, quality)
      }
    })
  }

  it('presence keeps firmware and capabilities', () => {
    const result = translated('status', 'online')
    assert.deepEqual('value' in result && result.value, {
      deviceId: 'd-1',
      online: true,
      at: noon,
      receivedAt,
      firmware: '2.4.1',
      capabilities: ['ledger', 'expiry', 'select', 'clock'],
    })
  })

  for (const [kind, shows, changes] of [
    ['der', 'ev-charging', { p_actual_kw: 99 }],
    ['panel', 'generating', { current_amperes: 0.1 }],
    ['meter', 'one-phase', { p_kw: 880 }],
  ] as const) {
    it(`says what contradicts what in a ${kind}`, () => {
      const result = translated(kind, shows, changes)
      assert.ok('contradiction' in result && result.contradiction.length > 20)
    })
  }

  it('leaves the body as it was', () => {
    const body = Object.freeze(exampleBody('der', 'pv-generating')) as unknown as FieldBody
    translate('der', 'd-1', body, timing)
  })
})
