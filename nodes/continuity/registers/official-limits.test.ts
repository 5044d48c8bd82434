import assert from 'node:assert/strict'
import { Faults, ImportError } from '../../../platform/network/import/faults.ts'
import { isOfficialLimits, readOfficialLimits } from './official-limits.ts'

const head = 'DatGeracaoConjuntoDados;IdeConjUndConsumidoras;SigIndicador;AnoLimiteQualidade;VlrLimite;NumCNPJ;Dsc'
const file = (lines: readonly string[], encoding: 'utf8' | 'latin1' = 'utf8') => ({
  name: 'limits.csv',
  bytes: Buffer.from([head, ...lines].join('\r\n'), encoding),
})
const read = (of: { name: string; bytes: Uint8Array }, ours: (id: string) => boolean = () => true) => {
  const faults = new Faults()
  const { lines, passedOver } = readOfficialLimits(of, ours, faults)
  faults.check()
  return passedOver === 0 ? lines : { lines, passedOver }
}

describe("the regulator's file of limits", () => {
  const two = ['2026-10-01;12345;DEC;2026;10,5;1;São João', '2026-10-01;12345;FEC;2026;,50;1;São João']
  const row = { conjunto_id: '12345', year: 2026, dec: 10.5, fec: 0.5 }

  it('has one indicator a line: two make a row', () => assert.deepEqual(read(file(two)), [{ line: 2, row }]))

  it('may be in Latin-1, as parts of the open data are', () =>
    assert.deepEqual(read(file(two, 'latin1')), [{ line: 2, row }]))

  it('is of the whole country: what is wrong with conjuntos of others is not ours', () => {
    const others = ['2026-10-01;9;DEC;26;x;2;?', '2026-10-01;;DEC;2026;1;2;?']
    assert.deepEqual(
      read(file([...others, ...two]), (id) => id === '12345'),
      { lines: [{ line: 4, row }], passedOver: 2 },
    )
    assert.deepEqual(
      read(file(others), () => false),
      { lines: [], passedOver: 2 },
    )
  })

  it('is known by its first line', () => {
    assert.ok(isOfficialLimits(file(two)))
    for (const text of ['conjunto_id;year;dec;fec\n', '', 'x\nIdeConjUndConsumidoras\n'])
      assert.ok(!isOfficialLimits({ name: 'x', bytes: Buffer.from(text) }))
  })

  it('is refused with every fault and its line', () => {
    const lines = [
      '2026-10-01;12345;DEC;2026;10,555;1;',
      '2026-10-01;12345;FEC;2026;7;1;',
      '2026-10-01;12345;DIC;2027;7;1;',
      '2026-10-01;12345;DEC;2028;7;1;',
      '2026-10-01;12345;DEC;2028;8;1;',
      '2026-10-01;12345;FEC;2028;8;1;',
    ]
    assert.throws(
      () => read(file(lines)),
      (error) => {
        assert.ok(error instanceof ImportError)
        assert.deepEqual(error.message.split('\n'), [
          'limits.csv line 2: vlrlimite is "10,555", not clear: write it with two decimals at most',
          'limits.csv line 3: conjunto 12345 has a limit of FEC in 2026, and none of DEC',
          'limits.csv line 4: sigindicador is "DIC", not one of dec, fec',
          'limits.csv line 6: DEC of conjunto 12345 in 2028 is on line 5 already',
        ])
        return true
      },
    )
    const lacking = { name: 'limits.csv', bytes: Buffer.from('IdeConjUndConsumidoras;SigIndicador\n') }
    assert.throws(() => read(lacking), /line 1: 2 columns missing: anolimitequalidade, vlrlimite/)
  })
})
