import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { hasMosquitto, withoutMosquitto } from '../mosquitto.fixture.ts'
import { say } from '../waiting.fixture.ts'
import { breachesOf } from './checks.ts'
import type { History } from './history.ts'
import { drawFaults } from './faults.ts'
import { wellBehaved } from './misbehaviour.ts'
import { report } from './report.ts'
import { type CampaignOptions, type Outcome, runCampaign } from './run-campaign.ts'
import { type Stage, startStage } from './stage.ts'

const oneEffect = 'a wish has at most one effect on a device with a ledger'
const hasTwoEffects = (history: History): boolean => breachesOf(history).some(({ rule }) => rule === oneEffect)

describe('a short campaign of commands', function () {
  this.timeout(300_000)
  let stage: Stage
  const campaign = (over: Partial<CampaignOptions> & Pick<CampaignOptions, 'seed' | 'commands'>): Promise<Outcome> =>
    runCampaign(stage, {
      misbehaviour: { dropped: 0.1, duplicated: 0.1, delayed: 0.1, mostDelayMs: 3_000, unheard: 0.1 },
      ...{ devices: 24, faults: [], healsWithinMs: 120_000, progress: () => undefined },
      ...over,
    })

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    stage = await startStage()
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(stage?.system.lastLines())
    await stage?.stop()
  })

  it('breaks no rule, whatever is killed and lost', async () => {
    const { history, counts, faults } = await campaign({ seed: 1, commands: 100, faults: drawFaults(1, 100) })
    const breaches = breachesOf(history)
    for (const line of report(history, counts, breaches).split('\n')) say(line)
    assert.deepEqual([breaches, faults], [[], []])
    assert.ok(history.commands.length >= 100 && history.effects.length > 0 && counts.get('messages dropped')! > 0)
  })

  // What is to be found is there soon; the rest stays open.
  const broken = { commands: 12, devices: 12, healsWithinMs: 8_000, until: hasTwoEffects }

  it('finds out that devices only claim to keep a ledger', async () => {
    const { history } = await campaign({
      ...{ ...broken, seed: 2, broken: 'ledger', misbehaviour: { ...wellBehaved, duplicated: 0.7, mostDelayMs: 100 } },
    })
    assert.ok(hasTwoEffects(history))
  })

  it('finds out that requests are not told from their repetitions', async () => {
    const { history } = await campaign({
      ...{ ...broken, seed: 3, broken: 'deduplication', misbehaviour: { ...wellBehaved, unheard: 0.6 } },
    })
    const rules = new Set(breachesOf(history).map(({ rule }) => rule))
    assert.ok(rules.has(oneEffect) && rules.has('a request is one command'), [...rules].join('; '))
  })
})
