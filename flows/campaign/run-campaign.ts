import { setTimeout as sleep } from 'node:timers/promises'
import { drawOf, type Draw } from '../../simulator/draw.ts'
import { Visitor } from '../users.fixture.ts'
import { Breaking } from './breaking.ts'
import { ConnectedDevice } from './connected-device.ts'
import type { Fault } from './faults.ts'
import type { History, StandingCommand, Wish } from './history.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import { registryOf } from './network.ts'
import { Onlooker } from './onlooker.ts'
import { People } from './people.ts'
import { drawDevices, drawWanted } from './plan.ts'
import { leftAlone, type Stage } from './stage.ts'
import { Standing } from './standing.ts'
import { standingCommands, storedCommands, storedTransitions } from './stored.ts'
import { Witness } from './witness.ts'

export interface CampaignOptions {
  readonly seed: number
  /** Commands that are accepted, at least. */
  readonly commands: number
  readonly devices: number
  readonly misbehaviour: Misbehaviour
  /** What breaks, one after the other; the campaign goes on until all of it has. */
  readonly faults: readonly Fault[]
  /** A rule that is broken on purpose, to see that the checks find out. */
  readonly broken?: 'ledger' | 'deduplication' | undefined
  /** It goes on until this has come about, for ten times as many commands at most, and then no further. */
  readonly until?: ((history: History) => boolean) | undefined
  /** After it has healed everything must come to its end within this time, ms. */
  readonly healsWithinMs: number
  readonly progress: (line: string) => void
}

/** What a campaign came to: everything that the checks look at, and counts for people. */
export interface Outcome {
  readonly history: History
  readonly counts: ReadonlyMap<string, number>
  /** What did not go as it was planned: the campaign shows less than it is to show. */
  readonly faults: readonly string[]
}

const pollMs = 300
const tellsEveryMs = 10_000
/** For what is to come about it goes on for so many times as many commands. */
const mostTimes = 10
/** Of commands that wait for a second person: so many are decided against, taken back, or left to expire. */
const shares = { rejected: 0.04, cancelled: 0.04, forgotten: 0.03 }

/** Drives a campaign over a stage, and heals it. */
export async function runCampaign(stage: Stage, options: CampaignOptions): Promise<Outcome> {
  const campaign = new Campaign(stage, options)
  try {
    return await campaign.run()
  } finally {
    await campaign.stop()
  }
}

class Campaign {
  readonly #stage: Stage
  readonly #options: CampaignOptions
  readonly #devices: ConnectedDevice[]
  readonly #witness: Witness
  readonly #people: People
  readonly #onlooker: Onlooker
  readonly #ends = new AbortController()
  readonly #standing: Standing<StandingCommand>
  readonly #wishes: Wish[] = []
  readonly #counts = new Map<string, number>()
  readonly #faults: string[] = []
  #accepted = 0
  #toldAt = performance.now()
  #isHealed = false
  #hasBroken = false
  #hasCome = false

  constructor(stage: Stage, options: CampaignOptions) {
    this.#stage = stage
    this.#options = options
    const { seed, broken } = options
    const { system } = stage
    this.#devices = drawDevices(seed, options.devices).map(
      (traits, n) =>
        new ConnectedDevice({
          traits: {
            ...traits,
            deviceId: `${seed}-${traits.deviceId}`,
            keepsLedger: traits.keepsLedger && broken !== 'ledger',
          },
          // Every fourth one by WebSocket.
          ...{ url: n % 4 === 3 ? system.brokerWsUrl : system.brokerUrl, login: system.field },
          ...{
            secret: stage.signingSecret,
            saysEveryMs: 2_000,
            mostDownMs: 3_000,
            draw: drawOf(seed, traits.deviceId),
          },
        }),
    )
    this.#witness = new Witness(seed, options.misbehaviour, new Set(this.#devices.map(({ traits }) => traits.deviceId)))
    const { url } = system.nodeRed
    const [author, approver, draw] = [new Visitor(url, 'operator'), new Visitor(url, 'admin'), drawOf(seed, 'people')]
    const isLost = (): boolean => draw.uniform() < options.misbehaviour.unheard
    this.#people = new People(author, approver, isLost, this.#ends.signal)
    this.#onlooker = new Onlooker(this.#people, this.#devices)
    this.#standing = new Standing(
      () => this.#ask(),
      (standing) => this.#look(standing),
    )
  }

  async run(): Promise<Outcome> {
    const { progress, seed } = this.#options
    await this.#register()
    for (const device of this.#devices) device.start()
    await this.#untilAllAreOnline()
    progress(`${this.#devices.length} devices are there`)
    this.#stage.treatment = this.#witness
    const breaking = this.#break()
    const rebooting = this.#reboot()
    await Promise.all(this.#devices.map((device, n) => this.#drive(device, drawOf(seed, `wishes-${n}`))))
    await breaking
    this.#isHealed = true
    await rebooting
    progress(`${this.#accepted} commands were accepted; it heals`)
    await this.#heal()
    return this.#outcome()
  }

  async stop(): Promise<void> {
    this.#ends.abort()
    this.#stage.treatment = leftAlone
    await this.#standing.stop()
    await Promise.all(this.#devices.map((device) => device.stop()))
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /** One thing after the other is wanted of a device, now and then a second one before the first is over. */
  async #drive(device: ConnectedDevice, draw: Draw): Promise<void> {
    const { broken, seed } = this.#options
    const { deviceId } = device.traits
    for (let n = 0; !this.#isEnough(); n++) {
      const wanted = { ...drawWanted(device.traits, device.equipment, draw), deviceId, reason: 'campaign' }
      const key = `campaign-${seed}-${deviceId}-${n}`
      const keys = new Set<string>()
      const keyOf = (time: number): string => {
        const used = broken === 'deduplication' && time > 0 ? `${key}-${time}` : key
        keys.add(used)
        return used
      }
      const { command, code } = await this.#people.ask(wanted, keyOf)
      this.#wishes.push({ keys: [...keys], deviceId, commandId: command?.commandId })
      if (!command) {
        this.#count(`refused: ${code}`)
        await sleep(500)
        continue
      }
      this.#accepted++
      if (command.state === 'pending_approval') await this.#decide(command, draw)
      if (draw.uniform() < 0.85) await this.#untilOver(command.commandId)
    }
  }

  /** What is still open when enough was wanted is waited for when it heals. */
  async #untilOver(commandId: string): Promise<void> {
    while (
      !this.#isEnough() &&
      (await this.#standing.next(this.#ends.signal)).some((one) => one.commandId === commandId)
    );
  }

  #isEnough(): boolean {
    const { commands, until } = this.#options
    const isAwaited = until !== undefined && !this.#hasCome && this.#accepted < mostTimes * commands
    return this.#accepted >= commands && this.#hasBroken && !isAwaited
  }

  async #decide({ commandId, bodyHash }: { commandId: string; bodyHash: string }, draw: Draw): Promise<void> {
    const lot = draw.uniform()
    if (lot < shares.forgotten) return this.#count('nobody decided')
    if (lot < shares.forgotten + shares.rejected) await this.#people.reject(commandId)
    else if (lot < shares.forgotten + shares.rejected + shares.cancelled) await this.#people.cancel(commandId)
    else await this.#people.approve(commandId, bodyHash)
  }

  /** Says now and then how far it is. */
  #tell(standing: readonly StandingCommand[]): void {
    if (performance.now() - this.#toldAt < tellsEveryMs) return
    this.#toldAt = performance.now()
    const byState = Map.groupBy(standing, ({ state }) => state)
    const open = [...byState].map(([state, of]) => `${of.length} ${state}`).join(', ')
    this.#options.progress(`${this.#accepted} commands were accepted; open: ${open || 'none'}`)
  }

  async #ask(): Promise<StandingCommand[]> {
    const { until } = this.#options
    if (until && !this.#hasCome) this.#hasCome = until(await this.#history())
    return standingCommands(this.#stage.system.database)
  }

  async #look(standing: readonly StandingCommand[]): Promise<void> {
    this.#tell(standing)
    await Promise.all([
      this.#onlooker.release(standing, Date.now() - this.#options.misbehaviour.mostDelayMs),
      this.#isHealed ? this.#onlooker.askAgain(standing, performance.now()) : undefined,
    ])
  }

  async #break(): Promise<void> {
    const { faults, progress, seed } = this.#options
    const told = {
      count: (name: string) => this.#count(name),
      amiss: (line: string) => this.#faults.push(line),
      progress,
    }
    const breaking = new Breaking(this.#stage.system, this.#witness, told)
    void breaking.keepRunning(this.#ends.signal)
    await breaking.run(faults, drawOf(seed, 'breaking'))
    this.#hasBroken = true
  }

  async #reboot(): Promise<void> {
    const draw = drawOf(this.#options.seed, 'reboots')
    while (!this.#isHealed) {
      await sleep(200 + 1_300 * draw.uniform())
      const device = this.#devices[Math.floor(draw.uniform() * this.#devices.length)]!
      device.reboot(Math.round(3_000 * draw.uniform()))
    }
  }

  async #heal(): Promise<void> {
    this.#stage.treatment = { fate: leftAlone.fate, watch: this.#witness.watch }
    const deadline = performance.now() + this.#options.healsWithinMs
    while (performance.now() < deadline) {
      const open = await this.#standing.next(this.#ends.signal)
      if ((open.length === 0 && this.#stage.inTheAir === 0) || this.#hasCome) return
    }
  }

  async #register(): Promise<void> {
    const { admin } = this.#stage.system.nodeRed
    const enter = async (method: string, path: string, type: string, body: string): Promise<void> => {
      const response = await admin.fetch(path, { method, headers: { 'Content-Type': type }, body })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    }
    const traits = this.#devices.map((device) => device.traits)
    for (const { name, csv } of registryOf(traits)) await enter('POST', `/api/registry/import/${name}`, 'text/csv', csv)
    for (const { deviceId, capabilities } of traits)
      await enter(
        ...(['PUT', `/api/devices/${deviceId}/command-capabilities`, 'application/json'] as const),
        JSON.stringify(capabilities),
      )
  }

  async #untilAllAreOnline(): Promise<void> {
    const ids = this.#devices.map(({ traits }) => traits.deviceId)
    for (;;) {
      const [row] = await this.#stage.system.database.query<{ count: number }>(
        `select count(*)::int from latest_reading join device using (device_key) where device_id = any ($1)`,
        [ids],
      )
      if (row!.count === ids.length) return
      await sleep(pollMs)
    }
  }

  /** As far as it is known while it goes on. */
  async #history(): Promise<History> {
    const { database } = this.#stage.system
    const ids = new Set(this.#devices.map(({ traits }) => traits.deviceId))
    const commands = (await storedCommands(database)).filter(({ deviceId }) => ids.has(deviceId))
    const own = new Set(commands.map(({ commandId }) => commandId))
    const transitions = (await storedTransitions(database)).filter(({ commandId }) => own.has(commandId))
    const { sent, disturbed } = this.#witness
    return {
      wishes: [...this.#wishes, ...this.#onlooker.wishes],
      ...{ commands, transitions, sent, disturbed, released: this.#onlooker.released },
      effects: this.#devices.flatMap(({ effects }) => effects),
      devices: this.#devices.map(({ traits }) => traits),
      ...{ retained: [], audit: undefined },
    }
  }

  async #outcome(): Promise<Outcome> {
    const history: History = {
      ...(await this.#history()),
      retained: await this.#stage.retainedCommands(),
      audit: await this.#stage.audit(),
    }
    for (const [fate, count] of this.#witness.fates) this.#counts.set(`messages ${fate}`, count)
    this.#counts.set('asked for again, as it was undone', this.#onlooker.wishes.length)
    this.#counts.set(
      'reboots of devices',
      this.#devices.reduce((sum, { reboots }) => sum + reboots, 0),
    )
    return { history, counts: this.#counts, faults: this.#faults }
  }
}
