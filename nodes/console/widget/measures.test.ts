import assert from 'node:assert/strict'
import { formatsOf } from './formats.ts'
import { told } from './measures.ts'
import { texts } from './texts.ts'

const pt = (measures: Record<string, number | string>): string => told(measures, texts['pt-BR'], formatsOf('pt-BR'))
const en = (measures: Record<string, number | string>): string => told(measures, texts['en-US'], formatsOf('en-US'))

describe('told', () => {
  it('a battery by its charge', () =>
    assert.equal(en({ p_max_kw: 4, p_actual_kw: -2, soc: 0.64 }), 'SOC 64% · max. 4.0 kW'))
  it('a panel', () =>
    assert.equal(pt({ temperature_celsius: 25.3, voltage_volts: 48.2, power_w: 409.7 }), '25,3 °C · 48,2 V'))
  it('a meter, without the phases it has not', () =>
    assert.equal(pt({ va_v: 220.3, vc_v: 221.1, frequency_hz: 60 }), '220,3 / 221,1 V · 60,00 Hz'))
  it('a meter that says its contact', () => {
    assert.equal(pt({ va_v: 220.3, contact: 'open' }), '220,3 V · contato aberto')
    assert.equal(en({ va_v: 220.3, contact: 'closed' }), '220.3 V · contact closed')
  })
  it('a switch in words', () => {
    assert.equal(pt({ position: 'closed', mode: 'remote', ia_a: 12.1 }), '12,1 A · fechada · remoto')
    assert.equal(en({ position: 'open' }), 'open')
  })
  it('a measure without a name here by its own', () => assert.equal(pt({ tap: 3, colour: 'blue' }), 'tap 3 · blue'))
  it('nothing as nothing', () => assert.equal(en({}), ''))
})
