import { randomUUID } from 'node:crypto'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import { Visitor } from '../../flows/users.fixture.ts'

/** What persons do in a shift, over the API: programs and events, limits, commands, measurements, the shift log. */
export class AskedFor {
  readonly #engineer: Visitor
  readonly #operator: Visitor
  readonly #admin: Visitor
  readonly #minutes: number
  /** Programs of demand response by their feeders. */
  readonly #programs = new Map<string, string>()

  /** @param minutes  how long the field sends, of its own time */
  constructor(url: string, minutes: number) {
    this.#minutes = minutes
    this.#engineer = new Visitor(url, 'engineer')
    this.#operator = new Visitor(url, 'operator')
    this.#admin = new Visitor(url, 'admin')
  }

  /** Once the devices of the field are known, and have reported. */
  async early(): Promise<void> {
    for (const feederId of ['feeder-01', 'feeder-02']) {
      const shed = { mode: 'shed', feederId, targetShedKw: 4, incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0.45 }
      const { programId } = await this.#ask<{ programId: string }>(
        '/api/dr-programs',
        { name: 'Ponta', ...shed },
        this.#admin,
      )
      this.#programs.set(feederId, programId)
      await this.#callFor(feederId, { durationMinutes: 20 })
      const event = { feederId, limitKw: 12, durationMinutes: 30, type: 'peak' }
      await this.#ask('/api/events', event)
      // For long: however fast the field's time passes, the control loop is to come round often within it.
      const durationMinutes = Math.round(0.8 * this.#minutes)
      const limit = { line: 'total', value: 25, durationMinutes, reason: 'Works at the substation' }
      await this.#ask(`/api/feeders/${feederId}/limits`, limit)
    }
    for (const unitId of ['unit-001', 'unit-011'])
      await this.#ask('/api/quality/voltage/measurements', {
        ...{ unitId, kind: 'complaint', protocol: `2026-${unitId}` },
        instrument: {
          ...{ class: 'A', serial: 'AQ-2041', calibratedOn: '2026-03-10', calibrationValidUntil: '2028-03-10' },
        },
      })
    await this.#commands(['meter-001', 'meter-002', 'meter-011', 'meter-012'], ['ev-001', 'ev-003'])
    for (const id of ['sw-001', 'sw-002']) {
      const equipment = { kind: 'switch', id }
      await this.#ask(
        '/api/tags',
        { kind: 'reclose_blocked', equipment, reason: 'Crew 7 works near it' },
        this.#operator,
      )
    }
    for (const deviceId of ['meter-006', 'meter-017']) await this.#byTwo(deviceId)
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

  /** When the days before are there for a baseline. @param startsAt  of events, UTC ms */
  async afterwards(startsAt: number): Promise<void> {
    for (const feederId of this.#programs.keys())
      await this.#callFor(feederId, { tsStart: new Date(startsAt).toISOString(), durationMinutes: 10 })
  }

  /** An event of the feeder's program, from now on unless told. */
  async #callFor(
    feederId: string,
    when: { readonly tsStart?: string; readonly durationMinutes: number },
  ): Promise<void> {
    const programId = this.#programs.get(feederId)
    await this.#ask('/api/events', { programId, feederId, targetShedKw: 4, type: 'peak', ...when })
  }

  /** Disconnects a meter: one asks with the password for this very request, another approves. */
  async #byTwo(deviceId: string): Promise<void> {
    const request = { deviceId, type: 'disconnect', args: { reason: 'request' }, reason: 'Moved out' }
    const wanted = { ...request, idempotencyKey: randomUUID() }
    const { requestHash } = await this.#ask<{ requestHash: string }>('/api/commands/dry-run', wanted, this.#operator)
    const body = { password: passwordOf('operator'), action: 'command', target: deviceId, bodyHash: requestHash }
    const { proof } = await this.#ask<{ proof: string }>('/api/auth/proof', body, this.#operator)
    const command = await this.#ask<{ commandId: string; bodyHash: string }>(
      ...(['/api/commands', { ...wanted, proof }, this.#operator] as const),
    )
    await this.#ask(`/api/commands/${command.commandId}/approve`, { bodyHash: command.bodyHash })
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
