import assert from 'node:assert/strict'
import { formatsOf } from '../../formats.ts'
import type { DemandAction } from './demand-answers.ts'
import { demandWords } from './demand-words.ts'
import { feedersWords } from './feeders-words.ts'
import { actionText, durationText, limitText, scheduleText, sourceText, weekdayNames, windowText } from './said.ts'

const [english, portuguese] = [feedersWords['en-US'], feedersWords['pt-BR']]
const formats = formatsOf('pt-BR')

describe('feeders in words', () => {
  it('say who set a limit', () => {
    assert.equal(sourceText('event:7', english), 'demand-response event 7')
    assert.equal(sourceText('registry', portuguese), 'cadastro')
    assert.equal(sourceText('limit:12', portuguese), 'definido por pessoa (nº 12)')
    assert.equal(sourceText('moon:1', english), 'moon:1')
  })

  it('say durations in the largest unit that divides them', () => {
    assert.deepEqual(
      [15, 60, 90, 480, 10_080].map((minutes) => durationText(minutes, english)),
      ['15 min', '1 h', '90 min', '8 h', '7 d'],
    )
  })

  it('say limits in their own unit, and their windows', () => {
    assert.equal(limitText({ value: 250.5, unit: 'a' }, formats), '250,5 A')
    assert.equal(scheduleText({ days: [1, 7], from: '18:00', until: '21:00' }, english), 'each Mon, Sun, 18:00–21:00')
  })
})

describe('demand response in words', () => {
  const none: DemandAction = {
    ...{ mode: 'limit', limitKw: null, direction: null, targetShedKw: null, priceBrlPerKwh: null },
  }
  const said = (action: Partial<DemandAction>): string =>
    actionText({ ...none, ...action }, demandWords['pt-BR'], formats)

  it('says what is asked for', () => {
    assert.equal(said({ limitKw: 20.5, direction: 'import' }), 'limite de 20,5 kW')
    assert.equal(said({ limitKw: 20, direction: 'export' }), 'limite reverso de 20 kW')
    assert.equal(said({ mode: 'shed', targetShedKw: 5 }), '5 kW a menos')
    assert.equal(said({ mode: 'price', priceBrlPerKwh: 1.2 }), 'R$ 1,20/kWh')
    assert.equal(said({ mode: 'price' }), 'Preço')
  })

  it('says when a program calls', () => {
    const window = { days: ['mon', 'fri'], from: '18:00', to: '21:00' }
    assert.equal(windowText(window, demandWords['pt-BR']), 'seg, sex, 18:00–21:00')
    assert.equal(windowText(null, demandWords['en-US']), 'by hand only')
    assert.deepEqual([...weekdayNames(demandWords['en-US']).keys()].length, 7)
  })
})
