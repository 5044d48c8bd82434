import { randomUUID } from 'node:crypto'
import { Visitor } from '../../flows/users.fixture.ts'

/** What persons do in a shift, over the API: programs and events, limits, commands, measurements, the shift log. */
export class AskedFor {
  readonly #engineer: Visitor
  readonly #operator: Visitor
  readonly #admin: Visitor

  constructor(url: string) {
    this.#engineer = new Visitor(url, 'engineer')
    this.#operator = new Visitor(url, 'operator')
    this.#admin = new Visitor(url, 'admin')
  }

  /** Once the devices of the field are known, and have reported. */
  async early(): Promise<void> {
    const program = await this.#ask<{ programId: string }>(
      '/api/dr-programs',
      {
        ...{ name: 'Ponta', mode: 'shed', feederId: 'feeder-01', targetShedKw: 4 },
        ...{ incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0.45 },
      },
      this.#admin,
    )
    for (const feederId of ['feeder-01', 'feeder-02']) {
      const event = { feederId, limitKw: 12, durationMinutes: 30, type: 'peak' }
      await this.#ask('/api/events', event)
      const limit = { line: 'total', value: 25, durationMinutes: 45, reason: 'Works at the substation' }
      await this.#ask(`/api/feeders/${feederId}/limits`, limit)
    }
    await this.#ask('/api/events', {
      ...{ programId: program.programId, feederId: 'feeder-01', targetShedKw: 4, durationMinutes: 20, type: 'peak' },
    })
    for (const unitId of ['unit-001', 'unit-011'])
      await this.#ask('/api/quality/voltage/measurements', {
        ...{ unitId, kind: 'complaint', protocol: `2026-${unitId}` },
        instrument: {
          ...{ class: 'A', serial: 'AQ-2041', calibratedOn: '2026-03-10', calibrationValidUntil: '2028-03-10' },
        },
      })
    await this.#commands(['meter-001', 'meter-002', 'meter-011', 'meter-012'], ['ev-001', 'ev-003'])
    await this.#ask('/api/shift-log', { text: 'Section 4 opened for works; crew 7 is on site.' }, this.#operator)
    await this.#ask('/api/shift-handovers', { note: 'Works in section 4 go on.' }, this.#operator)
  }

  /** In the middle of it, when alarms stand. */
  async later(): Promise<void> {
    await this.#commands(['meter-004', 'meter-005', 'meter-015', 'meter-016'], ['ev-002', 'ev-004'])
    const answer = await this.#operator.fetch('/api/alarms?limit=5')
    const { items } = (await answer.json()) as { items: { alarmId: number; occurrence: number }[] }
    const alarms = items.slice(0, 2).map(({ alarmId, occurrence }) => ({ alarmId, occurrence }))
    await this.#ask('/api/alarms/actions', { action: 'acknowledge', alarms, reason: 'Seen' }, this.#operator)
    await this.#ask('/api/events', { feederId: 'feeder-01', limitKw: 10, durationMinutes: 20, type: 'peak' })
  }

  /** Others each time: one whose command nobody knows the outcome of takes no other. */
  async #commands(meters: readonly string[], evs: readonly string[]): Promise<void> {
    const asked: object[] = [
      ...meters.map((deviceId) => ({ deviceId, type: 'read_now' })),
      ...evs.map((deviceId) => ({ deviceId, type: 'set_limit', args: { p_limit_kw: 2 } })),
    ]
    for (const command of asked) await this.#ask('/api/commands', { ...command, idempotencyKey: randomUUID() })
  }

  async #ask<Answer>(path: string, body: object, who = this.#engineer): Promise<Answer> {
    const answer = await who.fetch(path, {
      ...{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`POST ${path} ${JSON.stringify(body)}: ${answer.status} ${text}`)
    return JSON.parse(text) as Answer
  }
}
