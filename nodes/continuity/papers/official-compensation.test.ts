import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  compensationCodes,
  compensationIndexes,
  paidCompensation,
  paidFor,
  unitGroups,
  type PaidCompensation,
  type PaidFor,
} from '../domain/official-compensation.ts'
import { indexRows, readIndexes } from '../domain/official-index.ts'
import { compensationShape } from '../domain/official-shapes.ts'
import { agent, conjuntoArbitrary, generatedOn, readBack } from './official.fixture.ts'

const kinds = Object.keys(paidFor) as PaidFor[]
const paidArbitrary: fc.Arbitrary<PaidCompensation[]> = fc.uniqueArray(
  fc.record(
    {
      conjunto: conjuntoArbitrary,
      year: fc.integer({ min: 2010, max: 2199 }),
      month: fc.integer({ min: 1, max: 12 }),
      holder: fc.constantFrom('consumer', 'generator'),
      group: fc.constantFrom(...unitGroups),
      for: fc.constantFrom(...kinds),
      cents: fc.nat(1e12),
      payments: fc.nat(1e6),
    },
    { noNullPrototype: true },
  ),
  { selector: ({ cents: _cents, payments: _payments, conjunto, ...kind }) => JSON.stringify([conjunto.id, kind]) },
)

describe('compensation in official files', () => {
  it('has the codes of the regulator, and no others', () => {
    assert.equal(compensationCodes.length, 100)
    const form = /^(PG|QT)U(C|G)(AT|MTU|MTNU|BTU|BTNU)(A|T|DC|DS)?$/
    for (const code of compensationCodes) assert.match(code, form)
    assert.equal(new Set(compensationCodes).size, 100)
  })

  it('of 2 payments of R$ 27.94 for DISE in urban low voltage is PGUCBTUDS 27.94 and QTUCBTUDS 2', () => {
    const paid: PaidCompensation = {
      ...{ conjunto: { id: '1', name: 'A' }, year: 2026, month: 3 },
      ...{ holder: 'consumer', group: 'BTU', for: 'dise', cents: 2_794, payments: 2 },
    }
    const values = [...compensationIndexes([paid])].map(({ code, hundredths }) => [code, hundredths])
    assert.deepEqual(values, [
      ['PGUCBTUDS', 2_794],
      ['QTUCBTUDS', 200],
    ])
  })

  it('is read back to equal payments (property)', () =>
    fc.assert(
      fc.asyncProperty(paidArbitrary, async (paid) => {
        const lines = await readBack(compensationShape, indexRows(agent, compensationIndexes(paid), generatedOn))
        assert.deepEqual(paidCompensation(readIndexes(lines, compensationCodes).indexes), paid)
      }),
    ))
})
