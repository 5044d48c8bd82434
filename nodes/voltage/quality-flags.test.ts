import assert from 'node:assert/strict'
import { qualityUsage, readQualityFlags } from './quality-flags.ts'

const read = (line: string) => readQualityFlags(line.split(' ').filter(Boolean))
const usual = {
  ...{ csv: 'a.csv', referenceV: 230, voltageClass: 'BT', eusdBrl: undefined, intervalS: 600, leastCoverage: 0.9 },
  ...{ json: false, explain: false, language: 'en' },
}

describe('the command line of quality -- voltage', () => {
  for (const [line, changed] of [
    ['', {}],
    ['--class MT --eusd 100.50 --json', { voltageClass: 'MT', eusdBrl: 100.5, json: true }],
    ['--eusd 0', { eusdBrl: 0 }],
    ['--interval 1 --coverage 1', { intervalS: 1, leastCoverage: 1 }],
    ['--json --explain', { json: true, explain: true }],
    ['--lang pt', { language: 'pt' }],
  ] as const)
    it(`takes ${line || 'a file and a voltage, and has the rest by default'}`, () =>
      assert.deepEqual(read(`--csv a.csv --nominal 230 ${line}`), { ...usual, ...changed }))

  it('finds the class by the nominal voltage', () => {
    for (const [nominal, voltageClass] of [
      [440, 'BT'],
      [13_800, 'MT'],
      [138_000, 'AT'],
    ])
      assert.equal(read(`--csv a --nominal ${nominal}`)?.voltageClass, voltageClass)
  })

  for (const [line, message] of [
    ['--nominal 230', /^--csv is missing: the file, or - for the standard input/],
    ['--csv a', /^--nominal is missing: the nominal voltage, such as 230/],
    ['--csv a --nominal 0', '--nominal takes volts, above 0, up to 2000000, got "0"'],
    ['--csv a --nominal 127V', /^--nominal takes volts, .* got "127V"$/],
    ['--csv a --nominal 2000001', /^--nominal takes volts/],
    ['--csv a --nominal 133', /^--nominal 133: no bands are known for 133 V: .* the nearest is 127 V$/],
    ['--csv a --nominal 230 --class bt', '--class takes BT or MT or AT, got "bt"'],
    ['--csv a --nominal 230 --eusd 1e5', /^--eusd takes R\$, 0 or more, .* got "1e5"$/],
    ['--csv a --nominal 230 --eusd=-1', /^--eusd takes R\$/],
    ['--csv a --nominal 230 --interval 7', /^--interval takes seconds that divide 600, .* got "7"$/],
    ['--csv a --nominal 230 --interval 0', /^--interval takes/],
    ['--csv a --nominal 230 --interval 1.5', /^--interval takes/],
    ['--csv a --nominal 230 --interval 1200', /^--interval takes/],
    ['--csv a --nominal 230 --coverage 0', /^--coverage takes a share above 0/],
    ['--csv a --nominal 230 --coverage 90', /^--coverage takes a share above 0/],
    ['--csv a --nominal 230 --lang fr', '--lang takes en or pt, got "fr"'],
    ['--csv a --nominal 230 --explain', /^--explain needs --json/],
    ['--csv a --nominal 230 b', 'unexpected argument "b" (see --help)'],
    ['--csv a --nominal 230 --year 2008', 'unknown flag --year (see --help)'],
  ] as const)
    it(`refuses ${line}`, () => assert.throws(() => read(line), { name: 'BadFlag', message }))

  it('helps, whatever else stands there, and names every flag', () => {
    assert.equal(read('--help --nominal x'), undefined)
    assert.equal(read('-h'), undefined)
    for (const flag of ['csv', 'nominal', 'class', 'eusd', 'interval', 'coverage', 'json', 'explain', 'lang', 'help'])
      assert.match(qualityUsage, new RegExp(`^  --${flag}\\b`, 'm'))
  })
})
