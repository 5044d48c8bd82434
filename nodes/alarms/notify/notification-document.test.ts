import assert from 'node:assert/strict'
import fc from 'fast-check'
import { defaultTable } from '../domain/default-table.ts'
import type { DueNotification, NotifiedAlarm } from './delivery-repository.ts'
import { alarmDocument, digestDocument } from './notification-document.ts'

const at = Date.UTC(2026, 2, 10, 12)
const alarm: NotifiedAlarm = {
  ...{ alarmId: 7, key: 'continuity/outage/e-1', area: 'continuity', kind: 'outage', subject: 'e-1', feederId: 'f-1' },
  ...{
    unitId: null,
    deviceId: 'sw-1',
    state: 'B',
    active: true,
    priority: 'critical',
    escalatedTo: null,
    value: 3_000,
    limit: null,
  },
  ...{
    unit: 'units',
    members: 1_234,
    text: { message: 'continuity.priority-out', parameters: { units: 2, element: 'sw-1' } },
  },
}
const due = (more: Partial<DueNotification> = {}): DueNotification & { alarm: NotifiedAlarm } => ({
  ...{ id: 'n-1', what: 'raised', at, tries: 0, occurrence: 3, document: null, ...more },
  alarm,
})
const telling = (language: 'pt-BR' | 'en-US') => ({ channel: 'duty', language, timeZone: 'America/Sao_Paulo' })
const definition = defaultTable.definitionOf(alarm)

describe('alarmDocument', () => {
  it('says in Portuguese what is so, where, why and what to do', () => {
    const { title, text } = alarmDocument(due(), definition, telling('pt-BR'))
    assert.equal(title, '[crítica] Alarme: 2 unidades de serviço prioritário sem fornecimento (sw-1)')
    const lines = text.split('\n')
    assert.deepEqual(lines.slice(1, 3), ['Onde: e-1, alimentador f-1, dispositivo sw-1', 'Explica mais 1.234 alarmes'])
    assert.deepEqual(lines.slice(3, 6), [
      `Causa: ${definition.cause.pt}`,
      `Consequência: ${definition.consequence.pt}`,
      `O que fazer: ${definition.operatorAction.pt}`,
    ])
    assert.equal(lines[6], 'Em 10/03/2026, 09:00:00 · continuity/outage/e-1 · 3')
  })

  it('says in English that it is over, and then not what to do', () => {
    const { title, text } = alarmDocument(due({ what: 'cleared' }), definition, telling('en-US'))
    assert.equal(title, '[critical] Over: 2 units with priority service are without supply (sw-1)')
    assert.doesNotMatch(text, /What to do/)
  })

  it('says to whom it has escalated', () => {
    const escalated = { ...due({ what: 'escalated' }), alarm: { ...alarm, escalatedTo: 'engineer' as const } }
    const { title, text, alarm: told } = alarmDocument(escalated, definition, telling('pt-BR'))
    assert.match(title, /^\[crítica\] Não reconhecido: /)
    assert.equal(text.split('\n')[2], 'Escalado para: engenharia')
    assert.equal(told!.escalatedTo, 'engineer')
  })

  it('is one line as a title, and no markup, whatever a condition says (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (element) => {
        const said = { ...alarm, text: { message: 'continuity.priority-out', parameters: { units: 2, element } } }
        const { title, text } = alarmDocument({ ...due(), alarm: said }, definition, telling('pt-BR'))
        assert.doesNotMatch(title, /\p{Cc}|<|[\u2028\u2029]/u)
        assert.doesNotMatch(text, /<|\r/)
        assert.ok(title.length <= 200 && title.isWellFormed() && text.isWellFormed())
        assert.equal(text.split('\n').length, 7)
      }),
    )
  })
})

describe('digestDocument', () => {
  const counts = [
    { what: 'raised', priority: 'high', count: 30 },
    { what: 'cleared', priority: 'low', count: 7 },
  ] as const

  it('counts what it gathers, and names the first of it', () => {
    const { title, text, digest } = digestDocument(due(), { counts, keys: ['a/b/c'] }, telling('en-US'))
    assert.equal(title, '37 more notifications')
    assert.equal(text, '37 more notifications\n30 × Alarm, high\n7 × Over, low\n– a/b/c\n– …\nAt 3/10/26, 9:00:00 AM')
    assert.equal(digest!.count, 37)
  })
})
