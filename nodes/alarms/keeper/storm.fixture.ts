import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Condition } from '../../../platform/wire/condition.ts'
import { alarmsBegin, said } from '../said.fixture.ts'
import type { KeeperProcess } from './keeper-process.fixture.ts'

/** A storm: outages, the meters behind each that fall silent, and faults of their own beside. */
export interface Storm {
  readonly outages: number
  readonly metersEach: number
  /** Other faults, which nothing explains. */
  readonly faults: number
}

export const conditionsIn = ({ outages, metersEach, faults }: Storm): number => outages * (metersEach + 1) + faults

/** The storm as it comes in, in messages: of an outage its meters fall silent together, other faults between. */
export function* stormMessages(storm: Storm, mostInMessage: number): Generator<readonly Condition[]> {
  let message: Condition[] = []
  for (const condition of stormConditions(storm)) {
    message.push(condition)
    if (message.length < mostInMessage) continue
    yield message
    message = []
  }
  if (message.length > 0) yield message
}

function* stormConditions({ outages, metersEach, faults }: Storm): Generator<Condition> {
  const faultsEach = Math.ceil(faults / outages)
  for (let outage = 0; outage < outages; outage++) {
    const feederId = `f-${outage % 40}`
    yield said('outage', `${outage}`, { area: 'continuity', feederId, value: metersEach, unit: 'units' })
    for (let meter = 0; meter < metersEach; meter++) {
      const deviceId = `${outage}.${meter}`
      yield said('device-silent', deviceId, { area: 'telemetry', feederId, deviceId, value: 15, unit: 'min' })
    }
    for (let fault = outage * faultsEach; fault < Math.min(faults, (outage + 1) * faultsEach); fault++)
      yield said('fault', `x-${fault}`, { feederId, at: alarmsBegin + fault, value: fault })
  }
}

/** How a storm went that was offered at a pace. */
export interface StormRun {
  readonly conditions: number
  /** Until the last was offered for the first time, and until all were stored. */
  readonly offeredMs: number
  readonly storedMs: number
  /** Messages that were refused because too much waited, and offered again. */
  readonly refused: number
}

const mostInMessage = 100
const againAfterMs = 100

/** Offers a storm at a pace, whether it is kept or not, and what is refused again until it is stored. */
export async function offerStorm(keeper: KeeperProcess, storm: Storm, perSecond: number): Promise<StormRun> {
  const began = performance.now()
  const storing: Promise<void>[] = []
  let [offered, refused] = [0, 0]
  const store = async (conditions: readonly Condition[]): Promise<void> => {
    while ((await keeper.offer(conditions)).refused !== undefined) {
      refused++
      await sleep(againAfterMs)
    }
  }
  for (const message of stormMessages(storm, mostInMessage)) {
    storing.push(store(message))
    offered += message.length
    const aheadMs = (offered / perSecond) * 1_000 - (performance.now() - began)
    if (aheadMs > 0) await sleep(aheadMs)
  }
  const offeredMs = performance.now() - began
  await Promise.all(storing)
  return { conditions: offered, offeredMs, storedMs: performance.now() - began, refused }
}

/** What became of a storm in the database; see {@link expectedOf}. */
export async function countStorm(client: Pick<Client, 'query'>): Promise<Record<string, number>> {
  const { rows } = await client.query<Record<string, number>>(
    `select count(*)::integer as alarms,
       count(*) filter (where state = 'B' and root_alarm_id is null)::integer as open,
       count(*) filter (where state = 'H')::integer as hidden,
       (select count(distinct root_alarm_id)::integer from alarm) as roots,
       (select max(members)::integer from (select count(*) as members from alarm where root_alarm_id is not null
         group by root_alarm_id) grouped) as "mostMembers",
       (select min(members)::integer from (select count(*) as members from alarm where root_alarm_id is not null
         group by root_alarm_id) grouped) as "leastMembers",
       (select count(*)::integer from alarm_occurrence) as occurrences,
       (select count(*)::integer from alarm_occurrence where annunciated) as annunciated,
       (select count(*)::integer from alarm_transition where kind = 'activated') as activated,
       (select count(*)::integer from alarm_transition where kind not in ('activated', 'escalated')) as others
     from alarm`,
  )
  return rows[0]!
}

/** Every condition once, and the silent meters under the outage that explains them. */
export const expectedOf = (storm: Storm): Record<string, number> => {
  const all = conditionsIn(storm)
  const open = storm.outages + storm.faults
  return {
    ...{ alarms: all, open, hidden: storm.outages * storm.metersEach, roots: storm.outages },
    ...{ mostMembers: storm.metersEach, leastMembers: storm.metersEach },
    ...{ occurrences: all, annunciated: open, activated: all, others: 0 },
  }
}
