import assert from 'node:assert/strict'
import { panelAdvice, plantAdvice, type PlantNeeds } from './advice.ts'

const quiet: PlantNeeds = {
  ...{ duePanels: 0, daysUntil: null, faultKwh: 0, soilingKwh: 0, cleaningPays: null, avoidedBrl: null },
  horizonDays: 180,
}

describe('advice on a plant', () => {
  for (const [needs, en, pt] of [
    [{}, /^Nothing to be done\.$/, /^Nada a fazer\.$/],
    [{ cleaningPays: true, avoidedBrl: 1234.5 }, /^Clean .* saves R\$ 1,234\.50 in 180 days\.$/, /R\$ 1\.234,50/],
    [{ faultKwh: 40, cleaningPays: false }, /^Look for the fault: output fell/, /^Procurar a falha: a geração caiu/],
    [{ faultKwh: 40, cleaningPays: true }, /and clean the panels on the same visit/, /limpar os painéis na mesma/],
    [{ duePanels: 2, daysUntil: 1 }, /^Inspect within 1 day: /, /^Inspecionar em até 1 dia: /],
    [{ duePanels: 1, daysUntil: 0 }, /^Inspect: a panel is at its threshold\.$/, /um painel está no limiar/],
    [{ duePanels: 3, daysUntil: 0 }, /of 3 panels that are due/, /dos 3 painéis a atender/],
    [{ soilingKwh: 1_500 }, /Dirt costs 1,500 kWh/, /custa 1\.500 kWh/],
    [{ cleaningPays: false, soilingKwh: 1_500 }, /^Nothing/, /^Nada/],
  ] as const)
    it(`${JSON.stringify(needs)}: ${en.source}`, () => {
      const said = plantAdvice({ ...quiet, ...needs })
      assert.match(said.en, en)
      assert.match(said.pt, pt)
    })
})

describe('advice on a panel', () => {
  const at = (days: number | null, from: number | null, until: number | null) =>
    panelAdvice({ days, from, until }, 85, 180)

  it('says when it is at its threshold, and between which days', () => {
    assert.equal(at(23, 12, 60).en, 'It falls to 85 % of what it gives when clean in 23 days (12 to 60).')
    assert.equal(at(23, 12, null).pt, 'Cai a 85 % do que gera quando limpo em 23 dias (12 a mais de 180).')
  })

  it('says that it is there', () => assert.match(at(0, 0, 0).en, /^It is at 85 %/))

  it('says that it never is within the horizon, and how soon at the worst', () => {
    assert.equal(at(null, null, null).en, 'It stays above 85 % of what it gives when clean for 180 days.')
    assert.match(at(null, 90, null).pt, /por 180 dias; no pior caso, por 90 dias\.$/)
  })
})
