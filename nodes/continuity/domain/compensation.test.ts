import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import {
  compensationTermsOf,
  continuityCompensationOf,
  exactCompensationBrl,
  type CompensationBasis,
  type CompensationChoices,
  type MonthIndicators,
} from './compensation.ts'
import type { IndividualLimits } from './individual-limits.ts'

const hourMs = 3_600_000
const choices: CompensationChoices = {
  'continuity-compensated-value': 'whole',
  'continuity-compensation-cap': 'per-indicator',
  'continuity-individual-precision': 'exact',
}
const limits = (dicH: number, fic: number, dmicH: number, dicriH: number | null = 8, diseH: number | null = 24) => ({
  ...{ dicH, fic, dmicH, dicriH, diseH, source: 'entered' },
})
const msOf = (hours: number): number => Math.round(hours * hourMs)
/** Hours as they are said. */
function month(of: { dic?: number; fic?: number; dmic?: number; dicri?: number[]; dise?: number[] }): MonthIndicators {
  const events = (hours: number[] = []) => hours.map((h, index) => ({ interruptionId: index + 1, ms: msOf(h) }))
  return {
    ...{ dicMs: msOf(of.dic ?? 0), fic: of.fic ?? 0, dmicMs: msOf(of.dmic ?? 0) },
    ...{ dicri: events(of.dicri), dise: events(of.dise) },
  }
}
const due = (
  voltageClass: VoltageClass,
  of: IndividualLimits,
  vrcBrl: number,
  indicators: Parameters<typeof month>[0],
  other: Partial<CompensationBasis> = {},
) =>
  continuityCompensationOf({
    ...{ month: '2026-03', voltageClass, limits: of, vrcBrl, choices, ...other },
    unitMonth: month(indicators),
  })
const exactOf = (of: ReturnType<typeof due>): string[] => of.items.map(({ money }) => money.exactBrl.toFixed(6))
const paidOf = (of: ReturnType<typeof due>): string[] =>
  of.items.filter(({ paid }) => paid).map(({ indicator }) => indicator)

describe('the compensation of a month', () => {
  it('C1: MT, each of three violated, pays the greatest', () => {
    const result = due('MT', limits(3, 3, 3), 1_000, { dic: 4.5, fic: 4, dmic: 3.2 })
    assert.deepEqual(exactOf(result), ['246.575342', '219.178082', '175.342466'])
    assert.deepEqual([result.amountBrl, paidOf(result)], [246.57, ['DIC']])
  })

  it('C2: BT, limits that were entered', () => {
    const result = due('BT', limits(8, 5, 6), 60, { dic: 10, fic: 6, dmic: 7 })
    assert.deepEqual(exactOf(result), ['27.945205', '26.827397', '19.561644'])
    assert.equal(result.amountBrl, 27.94)
  })

  it('C3: no indicator pays more than 18 monetary bases', () => {
    const result = due('BT', limits(8, 5, 6), 60, { dic: 400 })
    assert.equal(result.amountBrl, 1_080)
    assert.deepEqual(result.items[0]!.money.inputs['cap'], 1_080)
  })

  it('C4: an event of a critical day, above its limit only', () => {
    assert.equal(due('BT', limits(8, 5, 6), 60, { dicri: [20] }).exactBrl.toFixed(6), '23.013699')
    assert.deepEqual(due('BT', limits(8, 5, 6), 60, { dicri: [8] }).items, [])
  })

  it('C5: an event of a situation of emergency; all of them together', () => {
    assert.equal(due('BT', limits(8, 5, 6), 60, { dise: [30] }).exactBrl.toFixed(6), '34.520548')
    const all = due('BT', limits(8, 5, 6), 60, { dic: 10, fic: 6, dmic: 7, dicri: [20], dise: [30] })
    assert.deepEqual([all.exactBrl.toFixed(6), all.amountBrl], ['85.479452', 85.47])
    assert.deepEqual(paidOf(all), ['DIC', 'DICRI', 'DISE'])
  })

  it('C6: AT, for which there is neither DICRI nor DISE', () => {
    const result = due('AT', limits(2, 2, 2), 50_000, { dic: 3, dicri: [50], dise: [50] })
    assert.deepEqual([result.exactBrl.toFixed(6), paidOf(result)], ['22191.780822', ['DIC']])
  })

  it('C7: a violation is worth a cent', () => {
    assert.equal(due('MT', limits(3, 3, 3), 0.001, { dic: 4.5 }).amountBrl, 0.01)
    assert.equal(due('MT', limits(3, 3, 3), 0, { dic: 4.5 }).amountBrl, 0.01)
  })

  it('pays each event by itself', () => {
    const { items } = due('MT', limits(3, 3, 3), 100, { dicri: [9, 7, 10], dise: [24, 25] })
    assert.deepEqual(
      items.map(({ indicator, interruptionId }) => [indicator, interruptionId]),
      [
        ['DICRI', 1],
        ['DICRI', 3],
        ['DISE', 2],
      ],
    )
  })

  it('is nothing for DISE before 2026', () => {
    assert.deepEqual(due('BT', limits(8, 5, 6), 60, { dise: [30] }, { month: '2025-12' }).items, [])
  })

  it('is not known before 2010', () => {
    assert.throws(() => due('BT', limits(8, 5, 6), 60, {}, { month: '2009-12' }), { name: 'NoRule' })
  })

  it('explains itself: formula, inputs, rule and source', () => {
    const { formula, inputs, rule, items } = due('BT', limits(8, 5, 6), 60, { dic: 10, fic: 6, dicri: [20] })
    assert.equal(formula, 'max(DIC, FIC, DMIC) + Σ DICRI + Σ DISE')
    assert.deepEqual(
      Object.entries(inputs).map(([name, value]) => [name, Number(value).toFixed(2)]),
      [
        ['DIC', '27.95'],
        ['FIC', '26.83'],
        ['DMIC', '0.00'],
        ['Σ DICRI', '23.01'],
        ['Σ DISE', '0.00'],
      ],
    )
    assert.match(rule.source, /items 219 to 227/)
    const [dic, fic, dicri] = items.map(({ money }) => money)
    assert.equal(dic!.formula, 'min(max(DICv · VRC/730 · kei1, least), cap)')
    assert.deepEqual(dic!.inputs, {
      ...{ DICv: 10, DICp: 8, kei1: 34, VRC: 60, least: 0.01, cap: 1_080, class: 'BT', limits: 'entered' },
    })
    assert.equal(fic!.formula, 'min(max(FICv/FICp · DICp · VRC/730 · kei1, least), cap)')
    assert.deepEqual([dicri!.inputs['DICRIp'], dicri!.inputs['kei2']], [8, 14])
  })
})

describe('while an outage lasts: BT, limit 8 h, VRC R$ 60', () => {
  const at = (hours: number) => due('BT', limits(8, 50, 100), 60, { dic: hours, fic: 1, dmic: hours }).exactBrl

  it('nothing up to 8 h, 22.36 at once on passing it, 2.79 an hour, and nothing more at the cap', () => {
    assert.equal(at(8), 0)
    assert.equal(at(8 + 1 / hourMs).toFixed(2), '22.36')
    assert.equal((at(10) - at(9)).toFixed(2), '2.79')
    assert.deepEqual([at(386) < 1_080, at(387), at(500)], [true, 1_080, 1_080])
  })
})

describe('options of the compensation', () => {
  const choosing = (changed: Partial<CompensationChoices>) => ({ choices: { ...choices, ...changed } })

  it('pays the excess only, where that is chosen', () => {
    const excess = choosing({ 'continuity-compensated-value': 'excess' })
    const result = due('BT', limits(8, 5, 6), 60, { dic: 10, fic: 6, dmic: 7, dicri: [20] }, excess)
    assert.deepEqual(exactOf(result), ['5.589041', '4.471233', '2.794521', '13.808219'])
    assert.match(result.items[0]!.money.formula, /\(DICv − DICp\)/)
  })

  it('goes by hundredths of an hour, where that is chosen', () => {
    const hundredths = choosing({ 'continuity-individual-precision': 'hundredths' })
    const at = (dic: number) => due('BT', limits(8, 5, 6), 60, { dic }, hundredths)
    assert.equal(due('BT', limits(8, 5, 6), 60, { dic: 8.0049 }).items.length, 1)
    assert.deepEqual(at(8.0049).items, [])
    assert.equal(at(8.005).items[0]!.money.inputs['DICv'], 8.01)
    assert.equal(at(8.005).exactBrl, at(8.0149).exactBrl)
  })

  it('says which of them made another amount, by the rule that leaves it open', () => {
    const all = choosing({ 'continuity-compensated-value': 'excess', 'continuity-compensation-cap': 'per-month' })
    const sourceIn = (month: string) => due('BT', limits(8, 5, 6), 60, { dic: 10 }, { ...all, month }).rule.source
    assert.match(
      sourceIn('2026-03'),
      /; option continuity-compensated-value: excess; option continuity-compensation-cap: per-month$/,
    )
    assert.match(sourceIn('2021-03'), /DICRI from memory\); option continuity-compensation-cap: per-month$/)
    assert.doesNotMatch(due('BT', limits(8, 5, 6), 60, { dic: 10 }).rule.source, /option/)
  })

  it('caps the month as a whole, where that is chosen', () => {
    const perMonth = choosing({ 'continuity-compensation-cap': 'per-month' })
    const indicators = { dic: 400, dicri: [300], dise: [300] }
    assert.equal(due('BT', limits(8, 5, 6), 60, indicators).amountBrl, 1_770.41)
    const result = due('BT', limits(8, 5, 6), 60, indicators, perMonth)
    assert.deepEqual([result.amountBrl, result.inputs['cap']], [1_080, 1_080])
    assert.equal(result.formula, 'min(max(DIC, FIC, DMIC) + Σ DICRI + Σ DISE, cap)')
  })
})

describe('the rule up to 2021', () => {
  const old = { month: '2021-12' }

  it('O1: BT pays what exceeds, by EUSD', () => {
    const result = due('BT', limits(8, 5, 6), 60, { dic: 10, fic: 6, dmic: 7 }, old)
    assert.deepEqual(exactOf(result), ['2.465753', '1.972603', '1.232877'])
    assert.equal(result.amountBrl, 2.46)
    assert.equal(result.items[0]!.money.formula, 'min(max((DICv − DICp) · EUSD/730 · kei1, least), cap)')
    assert.equal(result.items[0]!.money.inputs['EUSD'], 60)
  })

  for (const [voltageClass, exact] of [
    ['MT', '3.287671'],
    ['AT', '4.438356'],
  ] as const)
    it(`has a coefficient of its own for ${voltageClass}`, () =>
      assert.equal(due(voltageClass, limits(8, 5, 6), 60, { dic: 10 }, old).exactBrl.toFixed(6), exact))

  it('caps at ten charges', () => assert.equal(due('BT', limits(8, 5, 6), 60, { dic: 720 }, old).amountBrl, 600))
})

describe('what cannot be', () => {
  for (const [change, message] of [
    [{ vrcBrl: -1 }, 'VRC is R$ -1: it takes 0 or more'],
    [{ vrcBrl: NaN }, /^VRC is R\$ NaN/],
    [{ limits: limits(0, 5, 6) }, 'the limit of DIC is 0: it takes one above 0'],
    [{ limits: limits(8, NaN, 6) }, /^the limit of FIC is NaN/],
  ] as const)
    it(String(message), () =>
      assert.throws(() => due('BT', limits(8, 5, 6), 60, {}, change), { name: 'RangeError', message }),
    )
})

const hours = fc.double({ min: 0, max: 744, noNaN: true })
const someMonth = fc.record({
  ...{ dic: hours, dmic: hours, fic: fc.integer({ min: 0, max: 60 }) },
  dicri: fc.array(hours, { maxLength: 4 }),
  dise: fc.array(hours, { maxLength: 4 }),
})
const limitH = fc.integer({ min: 1, max: 6_000 }).map((hundredths) => hundredths / 100)
const someBasis: fc.Arbitrary<CompensationBasis> = fc.record({
  month: fc.constantFrom('2015-06', '2021-12', '2022-01', '2025-12', '2026-01', '2026-03'),
  voltageClass: fc.constantFrom<VoltageClass>('BT', 'MT', 'AT'),
  limits: fc.record({
    ...{ dicH: limitH, fic: limitH, dmicH: limitH, dicriH: fc.option(limitH), diseH: fc.option(limitH) },
    source: fc.constant('entered'),
  }),
  vrcBrl: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true })),
  choices: fc.record({
    'continuity-compensated-value': fc.constantFrom('whole', 'excess'),
    'continuity-compensation-cap': fc.constantFrom('per-indicator', 'per-month'),
    'continuity-individual-precision': fc.constantFrom('exact', 'hundredths'),
  }),
})
const of = (basis: CompensationBasis, indicators: Parameters<typeof month>[0]) =>
  continuityCompensationOf({ ...basis, unitMonth: month(indicators) })

describe('compensation (properties)', () => {
  it('never falls as an indicator rises, or as an event is added', () => {
    const raised = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(someBasis, someMonth, raised, (basis, lower, more) => {
        const { exactBrl, amountBrl } = of(basis, lower)
        const raise = (all: number[]) => all.map((each, index) => (index === 0 ? each + more : each))
        for (const higher of [
          { ...lower, dic: lower.dic + more },
          { ...lower, fic: lower.fic + Math.ceil(more) },
          { ...lower, dmic: lower.dmic + more },
          { ...lower, dicri: raise(lower.dicri) },
          { ...lower, dicri: [...lower.dicri, more] },
          { ...lower, dise: raise(lower.dise) },
          { ...lower, dise: [...lower.dise, more] },
        ]) {
          assert.ok(of(basis, higher).exactBrl >= exactBrl)
          assert.ok(of(basis, higher).amountBrl >= amountBrl)
        }
      }),
    )
  })

  it('is nothing without a violation, and at least a cent with one', () => {
    fc.assert(
      fc.property(someBasis, someMonth, fc.double({ min: 0, max: 1, noNaN: true }), (basis, any, share) => {
        const { dicH, fic, dmicH, dicriH, diseH } = basis.limits
        const within = {
          ...{ dic: dicH * share, fic: Math.floor(fic), dmic: dmicH },
          ...{ dicri: [dicriH ?? 700], dise: [diseH ?? 700] },
        }
        assert.deepEqual([of(basis, within).amountBrl, of(basis, within).items], [0, []])
        const { amountBrl, items } = of(basis, any)
        assert.ok(items.length === 0 ? amountBrl === 0 : amountBrl >= 0.01)
      }),
    )
  })

  it('is never above the cap, of each indicator or of the month', () => {
    fc.assert(
      fc.property(someBasis, someMonth, (basis, indicators) => {
        const { exactBrl, items } = of(basis, indicators)
        const cap = Math.max((basis.month < '2022' ? 10 : 18) * basis.vrcBrl, 0.01)
        if (basis.choices['continuity-compensation-cap'] === 'per-month') assert.ok(exactBrl <= cap)
        else for (const { money } of items) assert.ok(money.exactBrl <= cap)
      }),
    )
  })

  it('adds up to what is paid of its items, where the month has no cap', () => {
    fc.assert(
      fc.property(someBasis, someMonth, (basis, indicators) => {
        const { exactBrl, items } = of(basis, indicators)
        const paid = items.reduce((sum, item) => sum + (item.paid ? item.money.exactBrl : 0), 0)
        if (basis.choices['continuity-compensation-cap'] === 'per-indicator')
          assert.ok(Math.abs(paid - exactBrl) <= 1e-9 * Math.max(1, paid))
        assert.ok(items.filter(({ indicator, paid }) => paid && ['DIC', 'FIC', 'DMIC'].includes(indicator)).length <= 1)
      }),
    )
  })

  it('is the same as a number alone, also with an event that lasts', () => {
    fc.assert(
      fc.property(someBasis, someMonth, hours, hours, (basis, indicators, openDicri, openDise) => {
        const explained = of(basis, {
          ...{ ...indicators, dicri: [...indicators.dicri, openDicri], dise: [...indicators.dise, openDise] },
        })
        const terms = compensationTermsOf(basis)
        const number = exactCompensationBrl(terms, month(indicators), msOf(openDicri), msOf(openDise))
        assert.ok(Math.abs(number - explained.exactBrl) <= 1e-9 * Math.max(1, number))
      }),
    )
  })
})
