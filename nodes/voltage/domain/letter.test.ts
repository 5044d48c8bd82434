import assert from 'node:assert/strict'
import fc from 'fast-check'
import { brokenMeasurement, goodMeasurement, letterFacts } from './letter.fixture.ts'
import { letterOf } from './letter.ts'
import { readRecord, recordText } from './letter-record.ts'
import { sectionsOf } from './letter-sections.ts'
import { civilDay, counted, instant, listed, money, number, percent, shortDay, sourceWords } from './letter-words.ts'

const letter = (facts = letterFacts()) => letterOf(facts)
const headings = (facts = letterFacts()): string[] => letter(facts).sections.map(({ heading }) => heading)
const textOf = (facts = letterFacts()): string => JSON.stringify(letter(facts).sections)

describe('the content of a letter', () => {
  it('prints the percentages of the published measurement, cut and not rounded', () => {
    const table = letter()
      .sections.flatMap(({ blocks }) => blocks)
      .find((block) => block.kind === 'table' && block.head.includes('Apurado'))
    assert.deepEqual(table?.kind === 'table' && table.rows, [
      ['DRP', '4,46%', '6,15%', '8,03%', '8,03%', '3,00%', 'Ultrapassado'],
      ['DRC', '12,10%', '14,98%', '9,32%', '14,98%', '0,50%', 'Ultrapassado'],
    ])
  })

  it('rounds them where that was chosen, and says so', () => {
    const text = textOf(letterFacts({ percentages: 'rounded' }))
    assert.ok(text.includes('8,04%') && text.includes('arredondadas a duas casas'))
  })

  it('at the limits, and not above, complies', () => {
    const facts = letterFacts({ measurement: goodMeasurement, holder: null })
    assert.equal(letter(facts).complies, true)
    assert.deepEqual(headings(facts), [
      'Resultado: dentro dos limites',
      'A medição',
      'Faixas de tensão e leituras',
      'Indicadores',
      'Se você não concordar',
    ])
    assert.deepEqual(letter(facts).addressee, ['Ao titular da unidade consumidora'])
  })

  it('names the one limit that is broken', () => {
    const measurement = { ...brokenMeasurement, drpPct: 100 * (30 / 1_008) }
    assert.ok(textOf(letterFacts({ measurement })).includes('foi ultrapassado o limite do indicador DRC.'))
    assert.ok(textOf().includes('foram ultrapassados os limites dos indicadores DRP e DRC.'))
  })

  it('says what is due, and how that was calculated', () => {
    for (const part of ['Valor de um mês: R$\u00a0116,46.', '8,035714', 'R$\u00a0116,468254', 'itens 28 e 29'])
      assert.ok(textOf().includes(part), part)
  })

  it('says why nobody knows yet what is due', () => {
    const text = textOf(letterFacts({ measurement: { ...brokenMeasurement, compensation: null } }))
    assert.ok(text.includes('que ainda não foi apurado'))
    assert.ok(!text.includes('Valor de um mês'))
  })

  it('has no precarious band above where the norm has none', () =>
    assert.ok(
      textOf(letterFacts({ measurement: goodMeasurement })).includes(
        '["Precária","De 12.420\u00a0V, inclusive, até abaixo de 12.834\u00a0V"]',
      ),
    ))

  it('says the number of the complaint, where there is one', () => {
    assert.ok(textOf(letterFacts()).includes('["Protocolo","2026-004711"]'))
    assert.ok(!textOf(letterFacts({ measurement: goodMeasurement })).includes('Protocolo'))
  })

  it('names what was booked in Portuguese', () => {
    const money = brokenMeasurement.compensation!
    const booked = { EUSDmonth: '2026-08', EUSDsource: 'x', measurement: 1, resultVersion: 2, days: 3, daysOfMonth: 31 }
    const compensation = { ...money, inputs: { ...money.inputs, ...booked } }
    const text = textOf(letterFacts({ measurement: { ...brokenMeasurement, compensation } }))
    for (const name of ['Mês do EUSD', 'Origem do EUSD', 'Medição', 'Versão do resultado', 'dias do mês'])
      assert.ok(text.includes(name), name)
    for (const name of Object.keys(booked)) assert.ok(!text.includes(`["${name}"`), name)
  })

  it('is the same for the same facts', () => {
    assert.deepEqual(letter(), letter())
    assert.deepEqual(sectionsOf(letterFacts(), letter().record), letter().sections)
  })

  it('has a record that is read back as it was, whatever the figures (property)', () => {
    const count = fc.integer({ min: 0, max: 504 })
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 3 }), (counts) => {
        const phases = counts.map(([precarious, critical], index) => ({
          ...{
            phase: (['A', 'B', 'C'] as const)[index]!,
            precarious,
            critical,
            adequate: 1_008 - precarious - critical,
          },
        }))
        const drpPct = (100 * Math.max(...counts.map(([precarious]) => precarious))) / 1_008
        const drcPct = (100 * Math.max(...counts.map(([, critical]) => critical))) / 1_008
        const { record } = letter(letterFacts({ measurement: { ...brokenMeasurement, phases, drpPct, drcPct } }))
        assert.deepEqual(readRecord(recordText(record)), record)
      }),
    )
  })
})

describe('words of a letter', () => {
  it('are those of Brazil', () => {
    assert.equal(number(1_008), '1.008')
    assert.equal(number(8.0357142857), '8,035714')
    assert.equal(percent(12.1), '12,10%')
    assert.equal(money(1_234.5), 'R$\u00a01.234,50')
    assert.equal(civilDay('2026-03-01'), '1º de março de 2026')
    assert.equal(civilDay('2026-11-21'), '21 de novembro de 2026')
    assert.equal(shortDay('2026-11-21'), '21/11/2026')
    assert.equal(listed(['a', 'b', 'c']), 'a, b e c')
    assert.deepEqual([counted(1, 'mês', 'meses'), counted(2, 'mês', 'meses')], ['1 mês', '2 meses'])
  })

  it('have the time of the zone', () => {
    const at = Date.UTC(2026, 10, 21, 2, 5)
    assert.equal(instant(at, 'America/Sao_Paulo'), '20/11/2026 às 23:05')
    assert.equal(instant(at, 'America/Rio_Branco'), '20/11/2026 às 21:05')
    assert.equal(instant(Date.UTC(2026, 10, 21, 3), 'America/Sao_Paulo'), '21/11/2026 às 00:00')
  })

  it('tell where a rule stands without what is doubted of it', () =>
    assert.equal(
      sourceWords('PRODIST Módulo 8 v14, items 28 and 29 (k2: one source), Tables 4–11; k2 by the option x'),
      'PRODIST Módulo 8 v14, itens 28 e 29, Tabelas 4–11',
    ))
})
